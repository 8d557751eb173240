import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK } from 'jose';
import type { TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { tableOf } from '../base/local-stores.ts';
import { isLoopback } from '../base/safe-url.ts';
import { privateKeyFileOf } from '../base/secrets-folder.ts';
import { publicHalf } from '../manifest/local-keys.ts';
import { type KeyServer, startKeyServer } from './key-server.ts';

/** The backend of the application: that of the origin which takes what no other one does. */
export function mainBackend({ origins }: Policy): string {
  const rest = origins.find(({ hosts, paths }) => hosts.length === 0 && paths.length === 0) ?? origins[0];
  return rest?.backend ?? 'origin';
}

/** What `--origin` says instead of fastly.toml. */
export function originBackend(policy: Policy, origin: string | null): Record<string, TomlTable> {
  if (origin === null) return {};
  const url = new URL(origin);
  return {
    [mainBackend(policy)]: isLoopback(url)
      ? { url: url.origin }
      : { url: url.origin, override_host: url.host },
  };
}

/** A key server for each backend that has a provider's keys, with those of local tokens beside them. `backends`: where each answers. */
export async function startKeyServers(
  policy: Policy,
  backends: TomlTable,
  secretsFolder: string,
  tell: (text: string) => void,
): Promise<ReadonlyMap<string, KeyServer>> {
  const servers = new Map<string, KeyServer>();
  for (const { name, keys } of policy.providers) {
    if (keys.kind !== 'remote' || servers.has(keys.backend)) continue;
    const upstream = tableOf(backends[keys.backend])?.url;
    if (typeof upstream !== 'string') continue;
    const sharing = policy.providers.filter(
      (other) => other.keys.kind === 'remote' && other.keys.backend === keys.backend,
    );
    const localKeys = sharing.flatMap((other) => localKey(secretsFolder, other.name));
    if (localKeys.length === 0) continue;
    const paths = sharing.flatMap((other) =>
      other.keys.kind === 'remote' ? [new URL(other.keys.url).pathname] : [],
    );
    const notTheirs = (why: string) =>
      `The keys of the provider ${name} are not available (${why}): only tokens of \`claimcache token\` verify. Start what has the keys, ` +
      `or correct keys of providers.${name} in the policy and [local_server.backends.${keys.backend}] in fastly.toml.`;
    servers.set(
      keys.backend,
      await startKeyServer({
        upstream,
        localKeys,
        issuer: keys.issuer,
        paths,
        tell: (why) => why !== '' && tell(notTheirs(why)),
      }),
    );
  }
  return servers;
}

function localKey(secretsFolder: string, provider: string): JWK[] {
  const file = path.join(secretsFolder, privateKeyFileOf(provider));
  return existsSync(file) ? [publicHalf(JSON.parse(readFileSync(file, 'utf8')) as JWK)] : [];
}
