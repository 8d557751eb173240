import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ScriptedStack } from '../edge/support/scripted-stack.ts';
import { type Answer, type SendOptions, send } from '../support/send.ts';
import { startForeign } from './start-foreign.ts';

/** What js-compute tells of a response. */
interface Told {
  readonly cached?: boolean;
  readonly stale?: boolean;
  readonly ttl?: number;
  readonly age?: number;
  readonly surrogateKeys?: readonly string[];
}

let stack: ScriptedStack;
let count = 0;
let delayMs = 0;
let status = 200;
let headers: Record<string, string> = {};

beforeAll(async () => {
  stack = await startForeign();
  stack.origin.answer(async (_request, response) => {
    count += 1;
    const answer = { status, headers: { 'x-count': String(count), ...headers } };
    if (delayMs > 0) await sleep(delayMs);
    response
      .writeHead(answer.status, answer.headers)
      .end(answer.status === 304 ? undefined : `body ${answer.headers['x-count']}`);
  });
});
afterAll(() => stack?.stop());
beforeEach(() => {
  delayMs = 0;
  status = 200;
});

const get = (target: string, options: SendOptions = {}) => send(stack.edge.url, target, options);
const told = ({ headers }: Answer): Told => JSON.parse(String(headers['x-told'] ?? '{}'));
const xCache = ({ headers }: Answer) => headers['x-cache'];
const purge = (key: string, soft = false) => get(`/purge?key=${key}${soft ? '&soft' : ''}`);
/** The origin from now on. */
const answers = (given: Record<string, string>, as = 200) => {
  headers = given;
  status = as;
};
const last = () => stack.origin.requests.at(-1);

describe('a service that is not ours', () => {
  test('MISS, HIT, purge, MISS', async () => {
    answers({ 'cache-control': 'max-age=60', 'surrogate-key': 'page news' });
    const first = await get('/plain/purge');
    const second = await get('/plain/purge');
    expect([xCache(first), xCache(second)]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe(first.text);
    expect(told(second)).toMatchObject({ cached: true, stale: false, surrogateKeys: ['page', 'news'] });
    await purge('news');
    const third = await get('/plain/purge');
    expect(xCache(third)).toBe('MISS');
    expect(third.text).not.toBe(first.text);
  });

  test('ttl and surrogate keys of a CacheOverride hold', async () => {
    answers({ 'cache-control': 'max-age=1' });
    const first = await get('/override/ttl');
    expect(Math.round(told(first).ttl ?? 0)).toBe(60);
    expect(xCache(await get('/override/ttl'))).toBe('HIT');
    await purge('articles');
    expect(xCache(await get('/override/ttl'))).toBe('MISS');
  });

  test('beforeSend changes what the origin gets, afterSend what is stored', async () => {
    answers({ 'cache-control': 'private', 'surrogate-key': 'own' });
    const first = await get('/hooked/edits');
    const second = await get('/hooked/edits');
    expect(last()?.headers['x-before-send']).toBe('yes');
    expect(xCache(second)).toBe('HIT');
    expect(second.headers['x-after-send']).toBe(first.headers['x-count']);
    expect(told(second).surrogateKeys).toEqual(['own', 'hooked']);
    await purge('hooked');
    expect(xCache(await get('/hooked/edits'))).toBe('MISS');
  });

  test('a stale response is served while one request brings a new one', async () => {
    answers({ 'cache-control': 'max-age=1, stale-while-revalidate=60' });
    const first = await get('/plain/swr');
    await sleep(1100);
    const stale = await get('/plain/swr');
    expect(stale.text).toBe(first.text);
    expect(told(stale)).toMatchObject({ cached: true, stale: true });
    await expect.poll(async () => (await get('/plain/swr')).text).not.toBe(first.text);
  });

  test('a soft purge makes stale: served while it is refreshed with stale-while-revalidate, not without', async () => {
    answers({ 'cache-control': 'max-age=60, stale-while-revalidate=60', 'surrogate-key': 'soft' });
    const kept = await get('/plain/soft-kept');
    answers({ 'cache-control': 'max-age=60', 'surrogate-key': 'soft' });
    const replaced = await get('/plain/soft-replaced');
    await purge('soft', true);
    const stale = await get('/plain/soft-kept');
    expect(stale.text).toBe(kept.text);
    expect(told(stale)).toMatchObject({ stale: true });
    expect((await get('/plain/soft-replaced')).text).not.toBe(replaced.text);
    await expect.poll(async () => (await get('/plain/soft-kept')).text).not.toBe(kept.text);
  });

  test('a 304 renews a stored response, its body stays', async () => {
    answers({ 'cache-control': 'max-age=1', etag: '"one"', 'content-type': 'text/x-stored' });
    const first = await get('/plain/renewed');
    await sleep(1100);
    answers({ 'cache-control': 'max-age=60', 'x-new': 'yes' }, 304);
    const renewed = await get('/plain/renewed');
    expect(last()?.headers['if-none-match']).toBe('"one"');
    expect(renewed).toMatchObject({ status: 200, text: first.text });
    expect(renewed.headers).toMatchObject({ 'x-new': 'yes', 'content-type': 'text/x-stored' });
    const asked = count;
    const hit = await get('/plain/renewed');
    expect([xCache(hit), hit.text, count]).toEqual(['HIT', first.text, asked]);
  });

  test('what the origin gets is never conditional or for a range by the wish of a client', async () => {
    answers({ 'cache-control': 'max-age=60', etag: '"range"', 'content-length': '7' });
    const whole = await get('/plain/range', { headers: { range: 'bytes=0-1', 'if-none-match': '"range"' } });
    expect(last()?.headers).not.toHaveProperty('range');
    expect(last()?.headers).not.toHaveProperty('if-none-match');
    expect(whole.status).toBe(200);
  });

  test('what is uncacheable is asked for each time, and nobody waits for another', async () => {
    answers({ 'cache-control': 'max-age=60' });
    await get('/uncacheable/page');
    delayMs = 500;
    const before = count;
    const startedMs = Date.now();
    const all = await Promise.all([1, 2, 3, 4].map(() => get('/uncacheable/page')));
    expect(count - before).toBe(4);
    expect(new Set(all.map(({ text }) => text)).size).toBe(4);
    expect(all.map(xCache)).toEqual(['MISS', 'MISS', 'MISS', 'MISS']);
    expect(Date.now() - startedMs).toBeLessThan(4 * 500);
  });

  test('private responses are not stored, status 500 neither', async () => {
    answers({ 'cache-control': 'private, max-age=60' });
    expect([xCache(await get('/plain/private')), xCache(await get('/plain/private'))]).toEqual([
      'MISS',
      'MISS',
    ]);
    answers({ 'cache-control': 'max-age=60' }, 500);
    expect([xCache(await get('/plain/500')), xCache(await get('/plain/500'))]).toEqual(['MISS', 'MISS']);
  });

  test('of requests at once one goes to the origin', async () => {
    answers({ 'cache-control': 'max-age=60' });
    delayMs = 500;
    const before = count;
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => get('/plain/collapsed')));
    expect(count - before).toBe(1);
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  });

  test('of requests at once for what is stale one revalidates, and the others wait for it', async () => {
    answers({ 'cache-control': 'max-age=1', etag: '"collapsed"' });
    const first = await get('/plain/stale-collapsed');
    await sleep(1100);
    answers({ 'cache-control': 'max-age=60', etag: '"new"' });
    delayMs = 500;
    const before = count;
    const all = await Promise.all([1, 2, 3, 4, 5, 6].map(() => get('/plain/stale-collapsed')));
    expect(count - before).toBe(1);
    expect(new Set(all.map(({ text }) => text)).size).toBe(1);
    expect(all[0]?.text).not.toBe(first.text);
  });

  test('a stale copy stands in for a failure within stale-if-error, for all that wait', async () => {
    answers({ 'cache-control': 'max-age=1, stale-if-error=60' });
    const first = await get('/strict/if-error');
    await sleep(1100);
    answers({}, 503);
    delayMs = 500;
    const before = count;
    const all = await Promise.all([1, 2, 3, 4].map(() => get('/strict/if-error')));
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`200 ${first.text}`]),
    );
    expect(count - before).toBe(1);
    answers({ 'cache-control': 'max-age=60' });
    delayMs = 0;
    expect((await get('/strict/if-error')).text).not.toBe(first.text);
  });

  test('a stale copy stands in for an origin that refuses connections', async () => {
    answers({ 'cache-control': 'max-age=1, stale-if-error=60' });
    const first = await get('/strict/down');
    await sleep(1100);
    await stack.origin.whileDown(async () => {
      expect(await get('/strict/down')).toMatchObject({ status: 200, text: first.text });
      expect((await get('/strict/never-seen')).status).toBe(599);
    });
  });

  test('variants are kept apart by Vary', async () => {
    answers({ 'cache-control': 'max-age=60', vary: 'Accept-Language' });
    const english = { headers: { 'accept-language': 'en' } };
    const danish = { headers: { 'accept-language': 'da' } };
    const one = await get('/plain/vary', english);
    const two = await get('/plain/vary', danish);
    expect(two.text).not.toBe(one.text);
    expect((await get('/plain/vary', english)).text).toBe(one.text);
    expect((await get('/plain/vary', danish)).text).toBe(two.text);
  });

  test.each([
    [
      'Surrogate-Control',
      { 'surrogate-control': 'max-age=77', 'cache-control': 's-maxage=5, max-age=6' },
      77,
    ],
    ['s-maxage', { 'cache-control': 'max-age=6, s-maxage="55"' }, 55],
    ['max-age', { 'cache-control': 'max-age=66', expires: 'Thu, 01 Jan 2099 00:00:00 GMT' }, 66],
    ['Expires', { date: 'Wed, 29 Feb 2096 23:00:00 GMT', expires: 'Thu, 01 Mar 2096 00:00:00 GMT' }, 3600],
    ['the default', {}, 120],
    ['less the age', { 'cache-control': 'max-age=100', age: '40' }, 60],
  ])('the lifetime is that of %s', async (name, given, seconds) => {
    answers(given as Record<string, string>);
    const first = await get(`/plain/lifetime-${name.replace(/\W/g, '')}`);
    expect(Math.round(told(first).ttl ?? -1)).toBe(seconds);
  });

  test('HEAD finds what GET has stored, and has no body', async () => {
    answers({ 'cache-control': 'max-age=60' });
    await get('/plain/head');
    const before = count;
    const head = await get('/plain/head', { method: 'HEAD' });
    expect([xCache(head), head.text, count - before]).toEqual(['HIT', '', 0]);
  });

  test('a range of a stored response is a part of it', async () => {
    answers({ 'cache-control': 'max-age=60', 'content-length': String(`body ${count + 1}`.length) });
    const whole = await get('/plain/part');
    const part = await get('/plain/part', { headers: { range: 'bytes=1-3' } });
    expect(part).toMatchObject({ status: 206, text: whole.text.slice(1, 4) });
    expect(part.headers['content-range']).toBe(`bytes 1-3/${whole.text.length}`);
  });
});
