import { describe, expect, it } from 'vitest';
import { createIdentify } from '../../../src/identity/identify.ts';
import type { KeyRequest } from '../../../src/identity/ports.ts';
import type { RemoteKeySource } from '../../../src/policy/providers/key-source.ts';
import { CLAIMS, NO_STORES, NOW_MS, type Pair, pairFor, provider, scope, sign } from './fixtures.ts';
import { mapKv } from './map-kv.ts';

const SOURCE: RemoteKeySource = {
  kind: 'remote',
  backend: 'idp',
  url: 'https://idp.example/jwks',
  issuer: null,
  ttlSeconds: 300,
  keepSeconds: 3600,
  cooldownSeconds: 30,
  timeoutMs: 1000,
};

const k1 = await pairFor('ES256', 'k1');
const k2 = await pairFor('ES256', 'k2');

/** A key server, and an identify that uses it. Times in seconds after the start. */
function world(source: Partial<RemoteKeySource> = {}, edgeKv = mapKv()) {
  const server = {
    documents: new Map<string, unknown>([[SOURCE.url, { keys: [k1.jwk] }]]),
    down: false,
    requests: [] as KeyRequest[],
  };
  const fetchKeys = async (request: KeyRequest) => {
    server.requests.push(request);
    await Promise.resolve();
    const document = server.documents.get(request.url);
    if (server.down || document === undefined) throw new Error('down');
    return typeof document === 'string' ? document : JSON.stringify(document);
  };
  const sandbox = () => createIdentify({ ...NO_STORES, fetchKeys, edgeKv });
  const identify = sandbox();
  const what = scope([{ ...provider(k1), keys: { ...SOURCE, ...source } }]);
  const ask = async (pair: Pair, atSeconds = 0, by = identify, kid = pair.jwk.kid) => {
    const token = await sign(pair, { ...CLAIMS, exp: 4_000_000_000 }, { kid });
    const headers = new Headers({ authorization: `Bearer ${token}` });
    const result = await by(headers, what, NOW_MS + atSeconds * 1000);
    return 'code' in result ? result.code : result.kind;
  };
  const publish = (...keys: unknown[]) => server.documents.set(SOURCE.url, { keys });
  return { server, ask, sandbox, publish, edgeKv };
}

describe('keys by URL', () => {
  it('are fetched from the named backend once, and then remembered for their ttl', async () => {
    const { server, ask } = world();
    for (const at of [0, 1, 299]) expect(await ask(k1, at)).toBe('verified');
    expect(server.requests).toEqual([{ backend: 'idp', url: SOURCE.url, timeoutMs: 1000 }]);
    expect(await ask(k1, 300)).toBe('verified');
    expect(server.requests).toHaveLength(2);
  });

  it('are shared by all sandboxes', async () => {
    const { server, ask, sandbox } = world();
    await ask(k1);
    expect(await ask(k1, 1, sandbox())).toBe('verified');
    expect(server.requests).toHaveLength(1);
  });

  it('are fetched once by many requests at a time', async () => {
    const { server, ask } = world();
    const results = await Promise.all(Array.from({ length: 10 }, () => ask(k1)));
    expect(new Set(results)).toEqual(new Set(['verified']));
    expect(server.requests).toHaveLength(1);
  });

  it('are fetched again when a token names a new key', async () => {
    const { server, ask, publish } = world();
    await ask(k1);
    publish(k1.jwk, k2.jwk);
    expect(await ask(k2, 31)).toBe('verified');
    expect(await ask(k1, 31)).toBe('verified');
    expect(server.requests).toHaveLength(2);
  });

  it('are not fetched more than once per cooldown, however many made-up key ids arrive', async () => {
    const { server, ask, sandbox } = world();
    await ask(k1);
    for (let i = 0; i < 20; i++) expect(await ask(k1, 31, undefined, `evil${i}`)).toBe('ERR_KEY_UNKNOWN');
    expect(await ask(k1, 32, sandbox(), 'evil')).toBe('ERR_KEY_UNKNOWN');
    expect(server.requests).toHaveLength(2);
    expect(await ask(k1, 5, undefined, 'evil')).toBe('ERR_KEY_UNKNOWN');
  });

  it('that were withdrawn are out after the ttl', async () => {
    const { ask, publish } = world();
    await ask(k1);
    publish(k2.jwk);
    expect(await ask(k1, 299)).toBe('verified');
    expect(await ask(k1, 301)).toBe('ERR_KEY_UNKNOWN');
  });

  it('serve on from the last good set when the server is down, for as long as the policy says', async () => {
    const { server, ask, sandbox } = world();
    await ask(k1);
    server.down = true;
    expect(await ask(k1, 400)).toBe('verified');
    expect(await ask(k1, 3600)).toBe('verified');
    expect(await ask(k1, 3600, sandbox())).toBe('verified');
    expect(await ask(k1, 3601)).toBe('ERR_KEYS_UNAVAILABLE');
    server.down = false;
    expect(await ask(k1, 3700)).toBe('verified');
  });

  it('that cannot be had refuse nobody for good, and the server is left alone for the cooldown', async () => {
    const { server, ask } = world();
    server.down = true;
    for (const at of [0, 1, 29]) expect(await ask(k1, at)).toBe('ERR_KEYS_UNAVAILABLE');
    expect(server.requests).toHaveLength(1);
    server.down = false;
    expect(await ask(k1, 30)).toBe('verified');
  });

  it('leave an unknown key id open while the server is down', async () => {
    const { server, ask } = world();
    await ask(k1);
    server.down = true;
    expect(await ask(k2, 31)).toBe('ERR_KEYS_UNAVAILABLE');
    expect(await ask(k1, 31)).toBe('verified');
  });

  it('that are none, or secret, do not replace the last good set', async () => {
    for (const document of ['<html>', 'null', '{}', '[]', '{"keys":{}}']) {
      const { server, ask } = world();
      await ask(k1);
      server.documents.set(SOURCE.url, document);
      expect(await ask(k1, 301)).toBe('verified');
    }
    const { ask, publish } = world();
    publish({ kty: 'oct', kid: 'k1', k: 'A'.repeat(86) });
    expect(await ask(k1)).toBe('ERR_KEYS_UNAVAILABLE');
  });

  it('beyond the bound are left out', async () => {
    const { ask, publish } = world();
    const many = Array.from({ length: 128 }, (_, i) => ({ ...k1.jwk, kid: `x${i}` }));
    publish(...many, k1.jwk);
    expect(await ask(k1)).toBe('ERR_KEY_UNKNOWN');
    publish({ kty: 'unknown' }, ...many.slice(1), k1.jwk);
    expect(await ask(k1, 31)).toBe('verified');
  });

  it('need a way to fetch them', async () => {
    const identify = createIdentify(NO_STORES);
    const headers = new Headers({ authorization: `Bearer ${await sign(k1)}` });
    expect(await identify(headers, scope([{ ...provider(k1), keys: SOURCE }]), NOW_MS)).toMatchObject({
      kind: 'unavailable',
      code: 'ERR_KEYS_UNAVAILABLE',
    });
  });
});

describe('OpenID discovery', () => {
  const issuer = 'https://idp.example/realm';
  const url = 'https://idp.example/realm/.well-known/openid-configuration';
  const discovering = (document: unknown) => {
    const made = world({ url, issuer });
    made.server.documents.set(url, document);
    return made;
  };

  it('leads from the issuer to its keys', async () => {
    const { server, ask } = discovering({ issuer, jwks_uri: SOURCE.url });
    expect(await ask(k1)).toBe('verified');
    expect(server.requests.map((request) => [request.backend, request.url])).toEqual([
      ['idp', url],
      ['idp', SOURCE.url],
    ]);
  });

  it('is refused where the document names another issuer or leads off the backend', async () => {
    const documents = [
      { issuer: `${issuer}/`, jwks_uri: SOURCE.url },
      { jwks_uri: SOURCE.url },
      { issuer, jwks_uri: 'https://evil.example/jwks' },
      { issuer, jwks_uri: 'http://idp.example/jwks' },
      { issuer, jwks_uri: 'https://idp.example:444/jwks' },
      { issuer, jwks_uri: 'https://idp.example@evil.example/jwks' },
      { issuer, jwks_uri: '/jwks' },
      { issuer },
      'null',
      'x',
    ];
    for (const document of documents) {
      expect(await discovering(document).ask(k1)).toBe('ERR_KEYS_UNAVAILABLE');
    }
  });
});
