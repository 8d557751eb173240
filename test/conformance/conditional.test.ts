import { describe, expect, it } from 'vitest';
import type { SendOptions } from '../support/send.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { alice, expectPageOf, logIn } from './support/people.ts';
import { warm } from './support/warm.ts';

const lanes = [
  ['of one person', '/api/lab', () => logIn(alice)],
  ['of nobody', '/lab', async () => null],
] as const;

describe.each(lanes)('a stored page %s', (_who, lab, logIn) => {
  const get = (token: string | null, target: string, headers: SendOptions['headers'] = {}) =>
    token === null ? edge(target, { headers }) : edgeAs(token, target, { headers });

  it('is 304 from the cache for whoever has it', async () => {
    const [target, token] = [unseen(`${lab}/etag`), await logIn()];
    const page = await warm(token, target);
    const etag = String(page.headers.etag);
    for (const validator of [etag, etag.replace('W/', ''), `"other", ${etag}`, '*']) {
      const answer = await expectOriginRequests(0, () => get(token, target, { 'if-none-match': validator }));
      expect(answer.status, validator).toBe(304);
      expect(answer.bytes).toHaveLength(0);
      expect(answer.cache).toBe('HIT');
      expect(answer.headers.etag).toBe(etag);
      for (const name of ['cache-control', 'vary']) expect(answer.headers[name]).toBe(page.headers[name]);
      expect(answer.headers).not.toHaveProperty('content-type');
    }
  });

  it('is 200 for whoever has another', async () => {
    const [target, token] = [unseen(`${lab}/etag`), await logIn()];
    const page = await warm(token, target);
    const answer = await get(token, target, { 'if-none-match': '"other"' });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(page.text);
  });

  it('is fetched whole when the first to ask has a validator', async () => {
    const [target, token] = [unseen(`${lab}/etag`), await logIn()];
    const first = await get(token, target, {
      'if-none-match': '"other"',
      'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT',
    });
    expect(first.status).toBe(200);
    const second = await expectOriginRequests(0, () => get(token, target));
    expect(second.text).toBe(first.text);
  });

  it('is given in part to whoever asks for a part, and stored whole', async () => {
    const [target, token] = [unseen(`${lab}/cacheable`), await logIn()];
    const part = await expectOriginRequests(1, () => get(token, target, { range: 'bytes=0-9' }));
    const whole = await expectOriginRequests(0, () => get(token, target));
    expect(whole.status).toBe(200);
    expect(whole.cache).toBe('HIT');
    if (token !== null) expectPageOf(alice, whole);
    expect(part.status).toBe(206);
    expect(part.text).toBe(whole.text.slice(0, 10));

    for (const [range, start, end] of [
      ['bytes=5-14', 5, 15],
      ['bytes=5-', 5, whole.bytes.length],
      ['bytes=-7', whole.bytes.length - 7, whole.bytes.length],
    ] as const) {
      const answer = await expectOriginRequests(0, () => get(token, target, { range }));
      expect(answer.status, range).toBe(206);
      expect(answer.text).toBe(whole.text.slice(start, end));
      expect(answer.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${whole.bytes.length}`);
    }
    const beyond = await get(token, target, { range: `bytes=${whole.bytes.length}-` });
    expect(beyond.status).toBe(416);
    expect(beyond.headers['content-range']).toBe(`bytes */${whole.bytes.length}`);
  });

  it('has a variant for each coding that a client takes, and no more of them', async () => {
    const [target, token] = [unseen(`${lab}/vary-encoding`), await logIn()];
    const states = [];
    for (const coding of [
      'gzip',
      'x-gzip, deflate',
      'gzip, br',
      'gzip, deflate, br, zstd',
      'br',
      'identity',
      '*;q=0',
      'zstd',
    ]) {
      const answer = await get(token, target, { 'accept-encoding': coding });
      expect(answer.headers.vary).toMatch(/accept-encoding/i);
      states.push(answer.cache);
    }
    expect(states).toEqual(['MISS', 'HIT', 'MISS', 'HIT', 'MISS', 'MISS', 'HIT', 'MISS']);
  });
});
