import type { BuildInfo } from '../build-info.ts';
import { createEdgeKv } from '../identity/edge-kv.ts';
import { createFetchKeys } from '../identity/fetch-keys.ts';
import { createKnownKeys } from '../identity/known-keys.ts';
import { readSwitches } from '../lanes/switches.ts';
import type { Service } from './service.ts';

/** A function that tells the operator what runs here: no secret, no key, only ids. */
export function createStatus(
  { policy, platform, engineFor }: Service,
  build: BuildInfo,
): () => Promise<object> {
  const { coreCache } = platform;
  const knownKeys = createKnownKeys(
    platform,
    createFetchKeys(platform.fetchOrigin),
    coreCache === null ? null : createEdgeKv(coreCache),
  );

  return async function status() {
    const switches = readSwitches(platform, policy);
    const nowMs = platform.nowMs();
    const keys = await Promise.all(
      policy.providers.map(async (provider) => {
        const { name, lookup } = provider;
        if (lookup !== null) return [name, { source: lookup.kind, backend: lookup.backend }] as const;
        return [name, await knownKeys(provider, nowMs)] as const;
      }),
    );
    return {
      v: 1,
      policy: { digest: policy.digest, routes: policy.routes.length },
      build,
      engine: engineFor(switches.engine)?.engine ?? 'none',
      // Never there on Fastly: the wasm refuses to start.
      localCache: platform.hasLocalCache(),
      switches: {
        cache: switches.all,
        keyVersion: switches.keyVersion,
        engine: switches.engine,
        https: switches.https,
        lanes: Object.fromEntries(
          (['public', 'scoped'] as const)
            .map((lane) => [lane, switches.lane(lane)] as const)
            .filter(([, value]) => value !== 'on'),
        ),
        routes: Object.fromEntries(
          [...policy.routes, policy.fallback]
            .map(({ name }) => [name, switches.route(name)] as const)
            .filter(([, value]) => value !== 'on'),
        ),
      },
      providers: Object.fromEntries(keys),
    };
  };
}
