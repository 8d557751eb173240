import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PEOPLE, type Person } from '../site/people.ts';
import { SPELLINGS, spelt } from '../support/request-header-names.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { echo, page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

// What an origin is told of a request beside its key, what of its answer is made the visitor's, and by what a request is an editor's.
const [alice] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack({ name: 'forwarded', policy: 'test/edge/policies/forwarded.ts' });
  token = await tokenOf(alice);
});
beforeEach(() => stack.origin.answer(echo));
afterAll(() => stack?.stop());

const asked = () => stack.origin.requests.at(-1);
const count = () => stack.origin.requests.length;
const fresh = (path: string) => `${path}-${randomBytes(6).toString('hex')}`;
const visit = (target: string, headers: Record<string, string> = {}, who: string | null = null) =>
  ask(stack.edge, who, target, { headers });
const answer = (status: number, headers: Record<string, string>, chunks: readonly string[] = []) =>
  stack.origin.answer((_request, response) => {
    response.writeHead(status, headers);
    for (const chunk of chunks) response.write(chunk);
    response.end();
  });

describe('the URL that was asked for', () => {
  const FIELDS = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'forwarded'];

  it.each(SPELLINGS)(
    'is the edge’s word on every lane, whatever a client sends as with %s',
    async (spelling) => {
      const { host, port } = new URL(stack.edge.url);
      const forged = Object.fromEntries(FIELDS.map((name) => [spelt(name, spelling), 'evil.example']));
      for (const [who, method, target, address] of [
        [null, 'GET', fresh('/page/told'), ''],
        [token, 'GET', fresh('/own/told'), ''],
        [token, 'PUT', '/own/1', 'for=127.0.0.1;'],
        [null, 'POST', '/login', 'for=127.0.0.1;'],
        [null, 'GET', '/live', 'for=127.0.0.1;'],
        [null, 'OPTIONS', '/page/1', 'for=127.0.0.1;'],
      ] as const) {
        expect((await ask(stack.edge, who, target, { headers: forged, method })).status, target).toBe(200);
        const headers = asked()?.headers ?? {};
        expect(
          FIELDS.map((name) => headers[name]),
          `${method} ${target}`,
        ).toEqual([host, 'http', port, `${address}host="${host}";proto=http`]);
        expect(Object.values(headers)).not.toContain('evil.example');
        expect(headers.host).toBe('App.Internal:8080');
      }
    },
  );

  it('a page that varies on it by its own word is still shared', async () => {
    stack.origin.answer(page({ 'cache-control': 'max-age=60', vary: 'X-Forwarded-Host, X-Forwarded-Proto' }));
    const target = fresh('/page/vary');
    const states = [];
    for (const value of ['a', 'b']) states.push((await visit(target, { 'x-forwarded-host': value })).cache);
    expect(states).toEqual(['MISS', 'HIT']);
  });
});

describe('URLs that name the origin’s own host', () => {
  const cacheable = { 'cache-control': 'max-age=60', 'content-length': '0' };

  it('a redirect is stored as one to the visitor’s', async () => {
    const target = fresh('/moved/old');
    answer(301, { ...cacheable, location: 'HTTP://user:secret@APP.internal.:8080/new?a=1#b' });
    for (const state of ['MISS', 'HIT']) {
      const { cache, headers } = await visit(target);
      expect([cache, headers.location]).toEqual([state, `${stack.edge.url}/new?a=1#b`]);
    }
  });

  it('so are Content-Location and Refresh, of a body without a length too', async () => {
    const target = fresh('/moved/page');
    const type = { 'content-type': 'text/html', 'cache-control': 'max-age=60' };
    const named = {
      'content-location': '//app.internal:8080/page.html',
      refresh: '5; url="http://app.internal:8080/next"',
    };
    answer(200, { ...type, ...named }, ['<!doctype html>', '<p>'.repeat(1000)]);
    for (const state of ['MISS', 'HIT']) {
      const { cache, headers, text } = await visit(target);
      expect([cache, headers['content-location'], headers.refresh, text.length]).toEqual([
        state,
        `${stack.edge.url}/page.html`,
        `5; url="${stack.edge.url}/next"`,
        3015,
      ]);
    }
  });

  it('what is not stored has the visitor’s too, behind a marker and on a pass', async () => {
    answer(302, {
      'cache-control': 'no-store',
      location: 'http://app.internal:8080/x',
      'content-length': '0',
    });
    const target = fresh('/moved/never');
    for (const path of [target, target, target, '/live', '/own/1'])
      expect((await visit(path, {}, path === '/own/1' ? token : null)).headers.location, path).toBe(
        `${stack.edge.url}/x`,
      );
  });

  it.each([
    'http://app.internal:8080@evil.example/',
    'http://app.internal.evil.example:8080/',
    'http://app.internal/other-port',
    'http://evil.example/?http://app.internal:8080/',
    '/relative',
  ])('%s stays as it is', async (location) => {
    answer(302, { ...cacheable, location });
    const target = fresh('/moved/other');
    for (const state of ['MISS', 'HIT'])
      expect(await visit(target)).toMatchObject({ cache: state, headers: { location } });
  });

  it('an origin that is asked as the visitor’s host names what it likes', async () => {
    answer(302, { ...cacheable, location: 'http://app.internal:8080/x' });
    expect((await visit(fresh('/same/x'))).headers.location).toBe('http://app.internal:8080/x');
  });

  it('behind a write it is the visitor’s URL that is invalidated', async () => {
    const target = fresh('/page/written');
    const states = async () => {
      stack.origin.answer(page({ 'cache-control': 'max-age=60' }));
      return [(await visit(target)).cache, (await visit(target)).cache];
    };
    expect(await states()).toEqual(['MISS', 'HIT']);
    for (const [location, first] of [
      [`http://app.internal:8080@evil.example${target}`, 'HIT'],
      [`http://app.internal:8080${target}`, 'MISS'],
    ] as const) {
      answer(303, { location, 'content-length': '0' });
      await ask(stack.edge, null, '/posts', { method: 'POST' });
      expect(await states(), location).toEqual([first, 'HIT']);
    }
  });
});

describe('traces', () => {
  const trace = () => randomBytes(16).toString('hex');
  const parent = (id: string) => ({ traceparent: `00-${id}-00f067aa0ba902b7-01` });

  it('reach the origin on every lane, and split no entry', async () => {
    for (const [path, who] of [
      ['/page/traced', null],
      ['/own/traced', token],
    ] as const) {
      const target = fresh(path);
      const sent = { ...parent(trace()), tracestate: 'congo=t61rcWkgMzE' };
      expect((await visit(target, sent, who)).cache).toBe('MISS');
      expect(asked()?.headers).toMatchObject(sent);
      const before = count();
      // Another trace, and none: one entry, whole as it was stored.
      for (const headers of [parent(trace()), {}])
        expect((await visit(target, headers, who)).cache).toBe('HIT');
      expect(count()).toBe(before);
    }
    const sent = parent(trace());
    await visit('/live', sent);
    expect(asked()?.headers).toMatchObject(sent);
  });

  it('what is none by the letter of the grammar goes nowhere, on no lane', async () => {
    for (const path of [fresh('/page/untraced'), '/live']) {
      await visit(path, { traceparent: '00-xyz-1-01', tracestate: 'a=1' });
      expect(asked()?.headers).not.toHaveProperty('traceparent');
      expect(asked()?.headers).not.toHaveProperty('tracestate');
      await visit(`${path}${path === '/live' ? '' : '2'}`, { ...parent(trace()), tracestate: 'a=<script>' });
      expect(asked()?.headers).toHaveProperty('traceparent');
      expect(asked()?.headers).not.toHaveProperty('tracestate');
    }
  });

  it('the request id is the one of the log, whatever a client sends', async () => {
    for (const path of [fresh('/page/id'), '/live']) {
      let got: unknown;
      const lines = await loggedBy(stack.edge, async () => {
        await visit(path, { 'x-request-id': 'mine', 'x-request.id': 'mine' });
        got = asked()?.headers['x-request-id'];
      });
      expect(lines.map(({ requestId }) => requestId)).toEqual([got]);
    }
  });

  it.each<[string, (id: string, requestId: string) => Record<string, string>]>([
    ['traceresponse', (id) => ({ traceresponse: `00-${id}-b7ad6b7169203331-01` })],
    ['a metric', (id) => ({ 'server-timing': `traceparent;desc="00-${id}-b7ad6b7169203331-01"` })],
    ['the request id', (_, requestId) => ({ 'x-correlation-id': requestId })],
    ['its Vary', () => ({ vary: 'Traceparent' })],
  ])('an answer that echoes one in %s is stored for nobody', async (_, fields) => {
    const id = trace();
    const echoing: RequestListener = (request, response) => {
      const requestId = String(request.headers['x-request-id']);
      response.writeHead(200, {
        'content-type': 'text/plain',
        'cache-control': 'max-age=60',
        ...fields(id, requestId),
      });
      response.end('page');
    };
    stack.origin.answer(echoing);
    for (const [path, who] of [
      ['/page/echo', null],
      ['/own/echo', token],
    ] as const) {
      const target = fresh(path);
      const lines = await loggedBy(stack.edge, async () => {
        for (let i = 0; i < 2; i++)
          expect(await visit(target, parent(id), who)).toMatchObject({ status: 200, text: 'page' });
        expect((await visit(target, {}, who)).cache).not.toBe('HIT');
      });
      expect(lines.filter(({ state }) => state === 'HIT')).toEqual([]);
      expect(lines[0]?.detail).toBe('forwarded-echo');
    }
  });
});

describe('a query as it came', () => {
  it.each([
    'b=2&a=1',
    'a=1&b=2',
    'a=1&&b=2&',
    '&',
    'a',
    'a=',
    '=',
    'a=%7e&b=%7E',
    'a=+&b=%20',
    'a=1;b=2',
    'utm_source=x&a=?',
  ])('%s reaches the origin byte for byte, and is an entry of its own', async (query) => {
    const target = `${fresh('/signed/file')}?${query}`;
    expect((await visit(target)).cache).toBe('MISS');
    expect(asked()?.url).toBe(target);
    expect((await visit(target)).cache).toBe('HIT');
  });

  it('no other spelling of it is the same entry', async () => {
    const path = fresh('/signed/file');
    const queries = ['a=1&b=2', 'b=2&a=1', 'a=1&b=2&', '&a=1&b=2', 'a=%31&b=2', 'A=1&b=2'];
    for (const query of queries) expect((await visit(`${path}?${query}`)).cache, query).toBe('MISS');
    for (const query of queries) expect((await visit(`${path}?${query}`)).cache, query).toBe('HIT');
  });
});

const HASH = '0123456789abcdef0123456789abcdef';

describe('editors and previews', () => {
  // As these systems send them: see the sources in src/policy/cms/presets.
  it.each<[string, string, Record<string, string>]>([
    ['WordPress: signed in', '', { cookie: `wordpress_logged_in_${HASH}=alice%7C1790000000%7Cx%7Cy` }],
    ['WordPress: signed in, with TLS', '', { cookie: `wordpress_sec_${HASH}=alice%7C1790000000%7Cx%7Cy` }],
    ['WordPress: the password of a page', '', { cookie: `wp-postpass_${HASH}=%24P%24Bx` }],
    [
      'WordPress: a comment',
      '',
      { cookie: `comment_author_${HASH}=Alice; comment_author_email_${HASH}=a%40b` },
    ],
    ['WordPress: preview of a draft', 'p=123&preview=true', {}],
    ['WordPress: preview of changes', 'preview_id=12&preview_nonce=0a1b2c3d4e&preview=true', {}],
    [
      'WordPress: customizer',
      'customize_changeset_uuid=6a2d3b1c-0000-4000-8000-000000000000&customize_theme=x&customize_messenger_channel=preview-0',
      {},
    ],
    ['WordPress: REST of who is signed in', '', { 'x-wp-nonce': '0a1b2c3d4e' }],
    ['WooCommerce: a cart', '', { cookie: 'woocommerce_items_in_cart=1; woocommerce_cart_hash=x' }],
    ['Drupal', '', { cookie: `SESS${HASH}=q1w2e3` }],
    ['Drupal, with TLS', '', { cookie: `SSESS${HASH}=q1w2e3` }],
    ['Drupal: a working copy by JSON:API', 'resourceVersion=rel%3Aworking-copy', {}],
    ['Next.js: draft mode', '', { cookie: '__prerender_bypass=8f7e6d5c' }],
    [
      'Next.js: preview mode',
      '',
      { cookie: '__prerender_bypass=8f; __next_preview_data=eyJhbGciOiJIUzI1NiJ9.e30.x' },
    ],
    ['Next.js: revalidation', '', { 'x-prerender-revalidate': '8f7e6d5c' }],
    ['Strapi 5: drafts', 'status=draft&populate=*', {}],
    ['Strapi 4: drafts', 'publicationState=preview', {}],
    ['Strapi: live preview', '', { 'strapi-encode-source-maps': 'true' }],
    ['Strapi: signed in', '', { cookie: 'strapi_admin_refresh=eyJhbGciOiJIUzI1NiJ9.e30.x' }],
    ['Payload: signed in', '', { cookie: 'payload-token=eyJhbGciOiJIUzI1NiJ9.e30.x' }],
    ['Payload: drafts', 'draft=true&depth=1', {}],
    ['Contentful: a preview link', 'path=%2Fblogs%2Fx&x-contentful-preview-secret=s3cret', {}],
    ['Contentful: with Vercel’s secret', 'x-vercel-protection-bypass=s3cret&path=%2Fblogs%2Fx', {}],
    ['Storyblok', '_storyblok=123&_storyblok_tk%5Bspace_id%5D=1', {}],
  ])('%s passes, as it came, and is kept for nobody', async (_, query, headers) => {
    stack.origin.answer(page({ 'cache-control': 'public, max-age=60' }));
    const path = fresh('/page/edited');
    const target = query === '' ? path : `${path}?${query}`;
    for (let i = 0; i < 2; i++) {
      const before = count();
      const passed = await visit(target, headers);
      expect(passed).toMatchObject({ status: 200, cache: 'BYPASS' });
      expect(passed.headers).toMatchObject({
        'x-auth-route': 'true',
        'cache-control': 'private, no-store, max-age=0',
      });
      expect(count()).toBe(before + 1);
      expect(asked()?.url).toBe(target);
      expect(asked()?.headers).toMatchObject(headers);
    }
    expect((await visit(path)).cache).toBe('MISS');
    expect((await visit(path)).cache).toBe('HIT');
  });

  it.each([
    'PREVIEW=1',
    '%70review=1',
    '%2570review=1',
    'preview',
    'preview[x]=1',
    '+preview=1',
    'a=1;preview=1',
    '&preview%00=1',
  ])('a parameter that some read as preview is one: %s', async (query) => {
    expect((await visit(`${fresh('/page/spelt')}?${query}`)).cache).toBe('BYPASS');
  });

  it('the data of a page in draft mode passes like the page, everybody else’s is cached', async () => {
    const json = { 'content-type': 'application/json', 'cache-control': 'max-age=60' };
    answer(200, json, ['{"pageProps":{}}']);
    const target = fresh('/_next/data/build/blog').concat('.json');
    const draft = { cookie: '__prerender_bypass=8f7e6d5c' };
    const lines = await loggedBy(stack.edge, async () => {
      for (const headers of [draft, {}, {}, draft, {}]) await visit(target, headers);
    });
    expect(lines.map(({ state, detail }) => `${state} ${detail}`)).toEqual([
      'BYPASS ',
      'MISS stored',
      'HIT fresh',
      'BYPASS ',
      'HIT fresh',
    ]);
  });

  it('on a scoped route who is not verified is refused all the same, and who is passes', async () => {
    const target = `${fresh('/own/preview')}?preview=true`;
    const before = count();
    expect((await visit(target)).status).toBe(401);
    expect(count()).toBe(before);
    const lines = await loggedBy(stack.edge, async () => {
      expect(await visit(target, {}, token)).toMatchObject({ status: 200, cache: 'BYPASS' });
    });
    expect(lines).toMatchObject([{ reason: 'scope-editor' }]);
  });

  it.each<[string, string, Record<string, string>]>([
    [
      'the cookie of who has seen WordPress’s login form',
      '',
      { cookie: 'wordpress_test_cookie=WP%20Cookie%20check' },
    ],
    ['a parameter of another name', 'previews=1&apreview=1&q=preview', {}],
    ['the value of a parameter', 'q=preview%3Dtrue', {}],
    ['a session of something else', '', { cookie: 'session=1; PHPSESSID=1' }],
    ['a header of another name', '', { 'x-wp-noncense': '1' }],
  ])('%s is no mark', async (_, query, headers) => {
    stack.origin.answer(page({ 'cache-control': 'max-age=60' }));
    const target = query === '' ? unseen(fresh('/page/plain')) : `${fresh('/page/plain')}?${query}`;
    expect((await visit(target, headers)).cache).toBe('MISS');
    expect((await visit(target, headers)).cache).toBe('HIT');
  });
});
