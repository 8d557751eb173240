import type { OriginRequest } from '../../src/platform/origin-request.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { IdentityPlatform } from '../../src/request/authenticate.ts';
import type { LocalStores } from '../base/local-stores.ts';
import type { GivenKeys } from './given-keys.ts';

export interface LocalWorld {
  readonly policy: Policy;
  readonly stores: LocalStores;
  readonly given: GivenKeys;
  readonly nowMs: () => number;
  readonly country: string | null;
  readonly device: 'desktop' | 'mobile' | 'tablet' | null;
}

const NO_LIMIT = { isBlocked: () => false, count: () => false };

/** The world of the edge without a network: the local server's stores, and the keys that were given. */
export function localPlatform({
  policy,
  stores,
  given,
  nowMs,
  country,
  device,
}: LocalWorld): IdentityPlatform & Pick<Platform, 'config'> {
  const givenFor = (fits: (provider: Provider) => boolean) => {
    const provider = policy.providers.find((one) => given.has(one.name) && fits(one));
    return provider === undefined ? null : (given.get(provider.name) ?? null);
  };
  return {
    nowMs,
    coreCache: null,
    secret: async (store, item) =>
      givenFor(({ keys }) => keys.kind === 'secretStore' && keys.store === store && keys.item === item) ??
      stores.secrets.get(store)?.get(item)?.value ??
      null,
    config: (store) => (item) =>
      givenFor(({ keys }) => keys.kind === 'configStore' && keys.store === store && keys.item === item) ??
      stores.configs.get(store)?.get(item)?.value ??
      null,
    fetchOrigin: async (request) => keyServer(request, policy, given),
    readKv: async (store, key) => stores.kv.get(store)?.get(key)?.value ?? null,
    limiter: () => NO_LIMIT,
    country: () => country,
    device: () => device,
  };
}

/** A key server that answers from the given files: the edge's own way to its keys, without a network. */
function keyServer({ url, backend }: OriginRequest, { providers }: Policy, given: GivenKeys): Response {
  for (const { name, keys } of providers) {
    const text = given.get(name);
    if (keys.kind !== 'remote' || keys.backend !== backend || text === undefined) continue;
    const jwks = keys.issuer === null ? keys.url : new URL('/claimcache-given-keys', keys.url).href;
    if (url === jwks) return new Response(text);
    if (url === keys.url) return Response.json({ issuer: keys.issuer, jwks_uri: jwks });
  }
  throw new Error('there is no network');
}
