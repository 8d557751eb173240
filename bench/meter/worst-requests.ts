import type { CountedRequest } from './count-requests.ts';

export interface WorstRequest extends CountedRequest {
  /** Name of the usual request. */
  readonly like: string;
}

/** Of `limits.cookiePairs`, less the one behind the last semicolon. */
const COOKIES = 'a=;'.repeat(199);
/** As many as a field may have that is a list. */
const MEMBERS = 100;
/** Beside those that every request has, as many as the server takes. */
const FIELDS = 80;

/** Nearly as much as `limits.urlBytes` allows. */
const long = (text: string) => text.repeat(Math.floor(4000 / text.length));

/**
 * What a client may send to make one request cost as much as many: as much of each kind as is let through, and what is refused for
 * being more. `token`: of somebody of the test site.
 */
export function worstRequests(token: string): readonly WorstRequest[] {
  const welcome = () => '/pages/welcome';
  const orders = () => '/api/orders';
  const passed = () => '/api/payment-methods';
  const bearer = { authorization: `Bearer ${token}` };
  const sent = (headers: Record<string, string>) => async () => headers;
  const asked = (name: string, like: string, path: string, status: number) => ({
    name,
    like,
    path: () => path,
    headers: sent({}),
    status,
  });
  const fields = Object.fromEntries(Array.from({ length: FIELDS }, (_, i) => [`x-some_field-${i}`, 'a']));
  return [
    {
      name: 'cookies, public HIT',
      like: 'public HIT',
      path: welcome,
      headers: sent({ cookie: COOKIES }),
      status: 200,
    },
    { name: 'cookies, 401', like: '401', path: orders, headers: sent({ cookie: COOKIES }), status: 401 },
    {
      name: 'cookies that decode, beside a token in one',
      like: 'pass',
      path: passed,
      headers: sent({ cookie: `session=${token};${'%2525[%00=;'.repeat(198)}` }),
      status: 200,
    },
    {
      name: 'cookies, a token in one, an editor in another',
      like: 'pass',
      path: orders,
      headers: sent({ cookie: `cms_session=1; session=${token};${'a=;'.repeat(197)}` }),
      status: 200,
    },
    {
      name: 'cookies, a bad token in one, purging for oneself',
      like: '401',
      path: () => '/.edge/purge/me',
      method: 'POST',
      headers: sent({ cookie: `session=x.y.z;${'a=;'.repeat(198)}` }),
      status: 401,
    },
    {
      name: 'cookies in one value',
      like: 'public HIT',
      path: welcome,
      headers: sent({ cookie: 'a=1, '.repeat(199) }),
      status: 200,
    },
    {
      name: 'commas in one cookie',
      like: 'public HIT',
      path: welcome,
      headers: sent({ cookie: `a=${', '.repeat(8000)}` }),
      status: 200,
    },
    {
      name: 'cookies, too many',
      like: '401',
      path: welcome,
      headers: sent({ cookie: 'a=;'.repeat(5400) }),
      status: 431,
    },
    {
      name: 'a cookie of blanks',
      like: 'pass',
      path: passed,
      headers: sent({ cookie: `session=${token}; ${'\u00a0'.repeat(14_000)}x=1` }),
      status: 200,
    },
    {
      name: 'names in Connection',
      like: 'pass',
      path: passed,
      headers: sent({ ...bearer, connection: Array(MEMBERS).fill('a').join(',') }),
      status: 200,
    },
    {
      name: 'names in Connection, too many',
      like: '401',
      path: passed,
      headers: sent({ connection: 'a,'.repeat(8000) }),
      status: 431,
    },
    {
      name: 'tags',
      like: 'public HIT',
      path: welcome,
      headers: sent({ 'if-none-match': Array(MEMBERS).fill('"a"').join(',') }),
      status: 200,
    },
    {
      name: 'languages and codings',
      like: 'public HIT',
      path: welcome,
      headers: sent({ 'accept-language': 'a,'.repeat(4000), 'accept-encoding': 'a,'.repeat(4000) }),
      status: 200,
    },
    { name: 'fields of odd names', like: 'public HIT', path: welcome, headers: sent(fields), status: 200 },
    asked('a long path', 'public HIT', `/pages/${long('a')}`, 404),
    asked('a long path in another script', 'public HIT', `/pages/${long('%E3%81%82')}`, 404),
    asked('a long path that is read in several ways', 'public HIT', `/pages/${long('%2541./')}`, 404),
    asked('a long path in bytes that are no UTF-8, 401', '401', `/api/orders/${long('%e4a')}`, 401),
    asked('a long path that has to be encoded, 401', '401', `/api/orders/${'"a'.repeat(990)}`, 401),
    { ...asked('a write to a long path', 'pass', `/pages/${long('%e4a')}`, 400), method: 'POST' },
    asked('a long query', 'public HIT', `${welcome()}?${long('a=%26&')}`, 200),
    {
      name: 'commas in Authorization',
      like: '401',
      path: orders,
      headers: sent({ authorization: `Basic ${'a,'.repeat(99)}` }),
      status: 401,
    },
  ];
}
