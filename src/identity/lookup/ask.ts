import { parseDirectives } from '../../http/directives.ts';
import { readBytes } from '../../http/read-bytes.ts';
import type { OriginRequest } from '../../platform/origin-request.ts';
import type { LookupRule } from '../../policy/providers/lookup-rule.ts';
import { jsonObject } from '../strict-json.ts';

/** What somebody has said of a credential. */
export type LookupAnswer =
  | {
      readonly kind: 'known';
      readonly claims: Readonly<Record<string, unknown>>;
      /** By `Cache-Control`; 0: not to be remembered. null: it does not say. */
      readonly maxAgeSeconds: number | null;
    }
  /** It is nobody's. */
  | { readonly kind: 'refused' }
  /** No verdict. `why` holds nothing of the answer. */
  | { readonly kind: 'down'; readonly why: string };

/** Who somebody is takes no more. */
const MAX_BYTES = 16_384;
const JSON_TYPE = /^\s*application\/(?:[a-z0-9.+_-]*\+)?json\s*(?:;|$)/i;
/** Where caches say that it was them. */
const CACHES = ['x-cache', 'x-cache-status', 'cf-cache-status', 'cache-status'];
const REFUSED: LookupAnswer = { kind: 'refused' };

/** What `fetchOrigin` is called with: the credential, and nothing else of a request. */
export function lookupRequest(
  { kind, backend, url, client }: LookupRule,
  credential: { readonly text: string; readonly cookie: string | null },
  clientSecret: string,
): OriginRequest {
  const headers = new Headers({
    accept: 'application/json',
    'accept-encoding': 'identity',
    // One URL for everybody: what caches on the way must not.
    'cache-control': 'no-store',
    'user-agent': 'claimcache',
    // An origin that wants HTTPS would answer with a redirect, which is no answer.
    'x-forwarded-proto': 'https',
  });
  if (kind === 'session' || client === null) {
    headers.set('cookie', `${credential.cookie}=${credential.text}`);
    return { backend, method: 'GET', url, headers, body: null };
  }
  const form = new URLSearchParams({ token: credential.text, token_type_hint: 'access_token' });
  if (client.method === 'post') {
    form.set('client_id', client.id);
    form.set('client_secret', clientSecret);
  } else {
    // Both are form-encoded first (RFC 6749 section 2.3.1).
    headers.set('authorization', `Basic ${btoa(`${formEncoded(client.id)}:${formEncoded(clientSecret)}`)}`);
  }
  const body = new TextEncoder().encode(form.toString());
  headers.set('content-type', 'application/x-www-form-urlencoded');
  return { backend, method: 'POST', url, headers, body };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ _: text }).toString().slice(2);
}

/**
 * Reads an answer: only a 200 with a JSON object names somebody. Of a session's endpoint a redirect, 401, 403, 204, `null` and a page of another type
 * say that the session is nobody's: a login page is what most applications answer with then. Of an introspection endpoint these are
 * faults of the set-up: it says `active: false` of tokens. Everything else is no verdict.
 */
export async function readAnswer(response: Response, { kind }: LookupRule): Promise<LookupAnswer> {
  const { status, headers } = response;
  const isSession = kind === 'session';
  const drop = () => void response.body?.cancel().catch(() => {});
  if (status !== 200) {
    drop();
    const isNobody = status === 204 || status === 401 || status === 403 || (status >= 300 && status <= 399);
    return isSession && isNobody ? REFUSED : down(`status ${status}`);
  }
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) {
    drop();
    return isSession ? REFUSED : down('no JSON');
  }
  const isShared = sharedBy(headers);
  if (isShared !== null) {
    drop();
    return down(isShared);
  }
  const bytes =
    response.body === null
      ? new Uint8Array()
      : await readBytes(response.body as ReadableStream<Uint8Array>, MAX_BYTES);
  if (bytes === null) return down('the answer is too large');
  const text = new TextDecoder().decode(bytes).trim();
  if (isSession && text === 'null') return REFUSED;
  const claims = jsonObject(text);
  if (claims === null) return down('no JSON object');
  if (!isSession && (!Object.hasOwn(claims, 'active') || claims.active !== true)) {
    return claims.active === false ? REFUSED : down('no active');
  }
  return { kind: 'known', claims, maxAgeSeconds: maxAgeOf(headers) };
}

/** An answer that a cache on the way gave, or that says it is for everybody, may be another person's. */
function sharedBy(headers: Pick<Headers, 'get'>): string | null {
  const age = headers.get('age');
  const isHit = CACHES.some((name) => /\bhit\b/i.test(headers.get(name) ?? ''));
  if (isHit || (age !== null && age.trim() !== '0')) return 'a cache has answered';
  const directives = parseDirectives(headers.get('cache-control') ?? '');
  return directives.has('public') || directives.has('s-maxage')
    ? 'the answer says it is for everybody'
    : null;
}

function maxAgeOf(headers: Pick<Headers, 'get'>): number | null {
  const field = headers.get('cache-control');
  if (field === null) return null;
  const directives = parseDirectives(field);
  if (directives.malformed || directives.has('no-store') || directives.has('no-cache')) return 0;
  return directives.seconds('max-age');
}

function down(why: string): LookupAnswer {
  return { kind: 'down', why };
}
