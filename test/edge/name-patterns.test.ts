import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, tokenOf } from './support/client.ts';
import { type Echo, echo, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

// `*` in the names of cookies and query parameters stands for any run of characters.
const KEY = 'key-of-the-editors-cookies';
const [alice, bob] = PEOPLE as [Person, Person];
let origin: ScriptedOrigin;
let edge: RunningEdge;
let ofAlice: string;
let ofBob: string;

beforeAll(async () => {
  origin = await startScriptedOrigin();
  origin.answer((request, response) => {
    response.setHeader('cache-control', 'public, max-age=300');
    echo(request, response);
  });
  const wasm = await buildService({ name: 'name-patterns', policy: 'test/edge/policies/name-patterns.ts' });
  edge = await startEdge({ originUrl: origin.url, wasm, secrets: { cms_cookie_key: KEY } });
  ofAlice = await tokenOf(alice);
  ofBob = await tokenOf(bob);
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

const get = (target: string, cookie?: string) =>
  ask(edge, null, target, cookie === undefined ? {} : { headers: { cookie } });
const fresh = (folder: string) => `/${folder}/${randomUUID()}`;
/** A cookie of that name, whose signature holds the name too. */
const signed = (name: string, text: string) =>
  `${name}=${text}.${createHmac('sha256', KEY).update(`${name}=${text}`).digest('base64url')}`;

describe('editors’ cookies by a pattern', () => {
  it('an editor of WordPress never gets the cached public page', async () => {
    const page = fresh('blog');
    await get(page);
    expect((await get(page)).cache).toBe('HIT');
    const editor = await get(page, 'a=1; wordpress_logged_in_4b1c2d=admin');
    expect(editor).toMatchObject({ status: 200, cache: 'BYPASS' });
    expect(editor.json<Echo>().headers.cookie).toContain('wordpress_logged_in_4b1c2d=admin');
    expect((await get(page, 'xwordpress_logged_in_4b1c2d=1; wordpress_logged_in=1')).cache).toBe('HIT');
  });

  it.each<[string, () => string]>([
    ['an HMAC', () => signed('signed_shop', 'alice')],
    ['a token', () => `cms_blog_editor=${ofAlice}`],
  ])('one that %s validates passes, and one that it does not is removed', async (_, cookie) => {
    const page = fresh('blog');
    await get(page);
    const valid = await get(page, cookie());
    expect(valid).toMatchObject({ cache: 'BYPASS' });
    expect(valid.json<Echo>().headers.cookie).toBe(cookie());
    const forged = cookie().replace(/=.*/, '=forged');
    expect((await get(page, forged)).cache).toBe('HIT');
    // Called as the pattern is written, it is one cookie, and no more valid.
    expect((await get(page, 'signed_*=forged; cms_*_editor=forged')).cache).toBe('HIT');
    // Of several each stands for itself.
    const other = forged.startsWith('signed') ? 'signed_other=forged' : 'cms_other_editor=forged';
    const both = await get(page, `${other}; ${cookie()}`);
    expect(both.json<Echo>().headers.cookie).toBe(cookie());
  });
});

describe('a credential by a pattern', () => {
  it('is found under any name that the pattern means, and goes to the origin under that name alone', async () => {
    const page = fresh('mine');
    const first = await get(page, `theme=dark; sb-abcd-auth-token=${ofAlice}`);
    expect(first).toMatchObject({ status: 200, cache: 'MISS' });
    expect(first.json<Echo>().headers.cookie).toBe(`sb-abcd-auth-token=${ofAlice}`);
    expect((await get(page, `sb-efgh-auth-token=${ofAlice}`)).cache).toBe('HIT');
    const other = await get(page, `sb-abcd-auth-token=${ofBob}`);
    expect(other).toMatchObject({ status: 200, cache: 'MISS' });
    expect((await get(page, `sb-auth-token=${ofAlice}`)).status).toBe(401);
  });

  it('that stands in two cookies is a duplicate: 401, but for one cookie that is sent twice', async () => {
    const before = origin.requests.length;
    for (const cookie of [
      `sb-a-auth-token=${ofAlice}; sb-b-auth-token=${ofBob}`,
      `sb-a-auth-token=${ofAlice}; sb-b-auth-token=${ofAlice}`,
      `sb-a-auth-token=${ofAlice}; sb-a-auth-token=${ofBob}`,
    ])
      expect((await get(fresh('mine'), cookie)).status).toBe(401);
    expect(origin.requests.length).toBe(before);
    const sentTwice = `sb-a-auth-token=${ofAlice}; sb-a-auth-token=${ofAlice}`;
    expect((await get(fresh('mine'), sentTwice)).status).toBe(200);
  });

  it('on a pass the origin gets the verified one, and none that it could take for it', async () => {
    const cookie = `a=1; SB-b-Auth-Token=${ofBob}; sb-a-auth-token=${ofAlice}; %73b-c-auth-token=${ofBob}`;
    const answer = await get('/judged', cookie);
    expect(answer).toMatchObject({ status: 200, cache: 'BYPASS' });
    expect(answer.json<Echo>().headers.cookie).toBe(`a=1; sb-a-auth-token=${ofAlice}`);
  });
});

describe('a cookie of a scope by a pattern', () => {
  it('is part of the key with its name, which the origin gets too', async () => {
    const page = fresh('variant');
    const first = await get(page, 'ab_home=a');
    expect(first.json<Echo>().headers.cookie).toBe('ab_home=a');
    expect((await get(page, 'x=1; ab_home=a')).cache).toBe('HIT');
    const other = await get(page, 'ab_cart=a');
    expect(other.cache).toBe('MISS');
    expect(other.json<Echo>().headers.cookie).toBe('ab_cart=a');
    // No value of the list, and nobody’s where two could be meant.
    expect((await get(page, 'ab_home=c')).cache).toBe('MISS');
    const both = await get(page, 'ab_home=a; ab_cart=b');
    expect(both.cache).toBe('HIT');
    expect(both.json<Echo>().headers.cookie).toBeUndefined();
  });

  it('whose whole value counts is one cookie, or a 401', async () => {
    const page = fresh('key');
    expect((await get(page, 'sid-a=1')).json<Echo>().headers.cookie).toBe('sid-a=1');
    expect((await get(page, 'sid-a=1')).cache).toBe('HIT');
    expect((await get(page, 'sid-b=1')).cache).toBe('MISS');
    expect((await get(page)).status).toBe(401);
    expect((await get(page, 'sid-a=1; sid-b=1')).status).toBe(401);
  });
});

describe('query parameters by a pattern', () => {
  it('that count make entries of their own, however their names are written', async () => {
    const page = fresh('list');
    const urlOf = async (query: string) => {
      const answer = await get(`${page}?${query}`);
      return `${answer.cache} ${answer.json<Echo>().url.split('?')[1]}`;
    };
    expect(await urlOf('filter[a]=1&x=1')).toBe('MISS filter[a]=1');
    expect(await urlOf('filter[a]=2')).toBe('MISS filter[a]=2');
    expect(await urlOf('filter[a]=1&y=2')).toBe('HIT filter[a]=1');
    expect(await urlOf('filter%5Ba%5D=3')).toBe('MISS filter%5Ba%5D=3');
    expect(await urlOf('%66ilter%5Bb%5D=4&sort=a')).toBe('MISS %66ilter%5Bb%5D=4');
    expect(await urlOf('q=1&Filter=1&xfilter=1')).toBe('MISS q=1');
  });

  it('that never count are gone, whichever end the star stands at', async () => {
    const page = fresh('page');
    const answer = await get(`${page}?a=1&utm_source=x&gclid=y&%66bclid=z&x_1_y=0&x_y=1`);
    expect(answer.json<Echo>().url).toBe(`${page}?a=1&x_y=1`);
    expect((await get(`${page}?a=1&msclkid=2&x_y=1`)).cache).toBe('MISS');
    expect((await get(`${page}?x_y=1&dclid=2&a=1`)).cache).toBe('HIT');
  });
});
