import { describe, expect, it, vi } from 'vitest';
import { createIdentify } from '../../../src/identity/identify.ts';
import type { TokenEntry } from '../../../src/identity/token-memory.ts';
import { createVerdicts, type VerdictQuestion } from '../../../src/identity/verdicts.ts';
import { CLAIMS, NO_STORES, NOW_MS, NOW_SECONDS, pairFor, provider, scope, sign } from './fixtures.ts';
import { mapKv } from './map-kv.ts';

const entry = (text = 'a.b.c'): TokenEntry => ({
  key: text,
  token: {
    text,
    algorithm: 'EdDSA',
    keyId: null,
    type: null,
    claims: {},
    signingInput: new Uint8Array(),
    signature: new Uint8Array(),
  },
  digest: null,
  verdicts: new Map(),
  identities: [],
});
/** Of a token that nobody has asked of. */
const question = (): VerdictQuestion => ({
  provider: 'app',
  keySetDigest: 'd1',
  entry: entry(),
  expiresAtSeconds: NOW_SECONDS + 600,
  slow: true,
  nowMs: NOW_MS,
});

const good = () => vi.fn(async () => ({ good: true, keyId: 'k1' }));
const bad = () => vi.fn(async () => ({ good: false, keyId: null }));

describe('a verdict', () => {
  it('is asked for once', async () => {
    const verdict = createVerdicts(null);
    const asked = question();
    const check = good();
    for (let i = 0; i < 3; i++)
      expect(await verdict(asked, check)).toMatchObject({ good: true, keyId: 'k1' });
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('holds for that provider, key set and whole token alone', async () => {
    const verdict = createVerdicts(null);
    const asked = question();
    const check = good();
    await verdict(asked, check);
    for (const other of [
      { provider: 'partner' },
      { keySetDigest: 'd2' },
      { entry: entry('a.b.cc') },
      { entry: entry('a.b.C') },
    ]) {
      await verdict({ ...asked, ...other }, check);
    }
    expect(check).toHaveBeenCalledTimes(5);
  });

  it('never outlives exp, nor an hour', async () => {
    const verdict = createVerdicts(null);
    const asked = question();
    const check = good();
    await verdict(asked, check);
    await verdict({ ...asked, nowMs: NOW_MS + 599_999 }, check);
    expect(check).toHaveBeenCalledTimes(1);
    await verdict({ ...asked, nowMs: NOW_MS + 600_000 }, check);
    expect(check).toHaveBeenCalledTimes(2);
    const long = { ...asked, entry: entry('long'), expiresAtSeconds: NOW_SECONDS + 1e6 };
    await verdict(long, check);
    await verdict({ ...long, nowMs: NOW_MS + 3_600_000 }, check);
    expect(check).toHaveBeenCalledTimes(4);
  });

  it('of a bad signature is forgotten soon', async () => {
    const verdict = createVerdicts(null);
    const asked = question();
    const check = bad();
    await verdict(asked, check);
    await verdict({ ...asked, nowMs: NOW_MS + 29_000 }, check);
    expect(check).toHaveBeenCalledTimes(1);
    await verdict({ ...asked, nowMs: NOW_MS + 30_000 }, check);
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('of a slow algorithm is shared by all sandboxes, of a fast one not', async () => {
    const edge = mapKv();
    const check = good();
    await createVerdicts(edge)(question(), check);
    expect(await createVerdicts(edge)(question(), check)).toMatchObject({ good: true, keyId: 'k1' });
    expect(check).toHaveBeenCalledTimes(1);
    const fast = () => ({ ...question(), slow: false });
    await createVerdicts(edge)(fast(), check);
    await createVerdicts(edge)(fast(), check);
    expect(check).toHaveBeenCalledTimes(3);
    expect(edge.ttls).toEqual([600]);
    expect([...edge.entries.keys(), ...edge.entries.values()].join()).not.toContain('a.b.c');
  });

  it('that the edge cache garbles is asked for again', async () => {
    const edge = mapKv();
    for (const text of ['', 'x', 'null', '{}', '[]', '{"good":true}']) {
      edge.get = async () => text;
      const check = bad();
      expect(await createVerdicts(edge)(question(), check)).toMatchObject({ good: false });
      expect(check).toHaveBeenCalledTimes(1);
    }
  });
});

const ed = await pairFor('EdDSA');
const what = scope([provider(ed)]);
const token = await sign(ed, { ...CLAIMS, nbf: NOW_SECONDS - 5 });
const headers = new Headers({ authorization: `Bearer ${token}` });

describe('a remembered token', () => {
  it('is still held against exp and nbf each time', async () => {
    const identify = createIdentify({ ...NO_STORES, edgeKv: mapKv() });
    expect(await identify(headers, what, NOW_MS - 6000)).toMatchObject({ code: 'ERR_TOKEN_NOT_YET_VALID' });
    expect(await identify(headers, what, NOW_MS)).toMatchObject({ kind: 'verified' });
    expect(await identify(headers, what, NOW_MS)).toMatchObject({
      kind: 'verified',
      identity: { keyId: 'k1' },
    });
    expect(await identify(headers, what, NOW_MS + 600_000)).toMatchObject({ code: 'ERR_TOKEN_EXPIRED' });
  });

  it('is withdrawn with its key', async () => {
    const other = await pairFor('EdDSA', 'k2');
    const edgeKv = mapKv();
    let keys = [ed.jwk, other.jwk];
    const identify = createIdentify({
      ...NO_STORES,
      edgeKv,
      config: () => () => JSON.stringify({ keys }),
    });
    const stored = scope([{ ...provider(ed), keys: { kind: 'configStore', store: 's', item: 'i' } }]);
    expect(await identify(headers, stored, NOW_MS)).toMatchObject({ kind: 'verified' });
    keys = [other.jwk];
    expect(await identify(headers, stored, NOW_MS)).toMatchObject({ code: 'ERR_KEY_UNKNOWN' });
    keys = [{ ...other.jwk, kid: 'k1' }];
    expect(await identify(headers, stored, NOW_MS)).toMatchObject({ code: 'ERR_TOKEN_SIGNATURE' });
  });

  it('costs the edge cache nothing where it has not verified for another reason than its signature', async () => {
    const edgeKv = mapKv();
    const identify = createIdentify({ ...NO_STORES, edgeKv });
    await identify(headers, what, NOW_MS - 6000);
    await identify(headers, scope([provider({ ...ed, jwk: { ...ed.jwk, kid: 'k9' } })]), NOW_MS);
    expect(edgeKv.entries.size).toBe(0);
  });
});
