import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createExplain } from '../../src/explain/explain.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { authorityOf, splitTarget } from '../../src/http/target.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import type { Route } from '../../src/policy/routes/route.ts';
import type { EdgeHandlers } from '../../src/request/handlers/create-handlers.ts';
import { createPlanner } from '../../src/request/plan.ts';
import { routerOf } from '../../src/routing/matchers.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { type LocalStores, readLocalStores } from '../base/local-stores.ts';
import { readManifest } from '../base/manifest.ts';
import { manifestFolder } from '../base/project.ts';
import { readToken } from '../base/read-credential.ts';
import { secretsFolderOf } from '../base/secrets-folder.ts';
import type { World } from '../base/world.ts';
import type { Explained, ExplainOptions } from './explain-options.ts';
import { type GivenKeys, readGivenKeys } from './given-keys.ts';
import { localKeys } from './local-keys.ts';
import { localPlatform } from './local-platform.ts';
import { placeToken } from './place-token.ts';
import { readHeaders, readMoment, readTarget } from './read-request.ts';

/** Explains by the policy as it stands in the file, the local server's stores, and no network. */
export async function explainLocally(
  world: World,
  first: string,
  second: string | undefined,
  options: ExplainOptions,
): Promise<Explained> {
  const { method, target } = readTarget(first, second);
  const { policy, absolute } = await loadPolicy(options.policy, world.cwd);
  const manifest = readManifest(options.manifest, world.cwd);
  const stores = readLocalStores(manifest, manifestFolder(options.manifest, world.cwd), world.env);
  const folder = manifestFolder(options.manifest, world.cwd);
  const named = readGivenKeys(options.jwks, options.secretFile, policy, world.cwd);
  const local = localKeys(policy, named, path.resolve(folder, secretsFolderOf(manifest)));
  const given = new Map([...local, ...named]);
  const router = routerOf(policy);
  const headers = readHeaders(options.header, options.cookie, '--header', options.data);
  const [host = 'localhost'] = [headers.get('host') ?? undefined, ...policy.hosts].filter(
    (name) => name !== undefined,
  );
  const full = target.startsWith('/') ? `https://${host}${target}` : target;
  const asked = (headers.get('host') ?? authorityOf(full)).toLowerCase();
  const route = router.match(splitTarget(full).path, asked);
  const token = await readToken(options, world);
  const url = token === null ? target : placeToken(token, target, headers, route.scope, policy);

  const at = options.at === undefined ? null : readMoment(options.at);
  const platform = localPlatform({
    policy,
    stores,
    given,
    nowMs: at === null ? world.nowMs : () => at,
    country: options.country ?? null,
    device: options.device ?? null,
  });
  const handlers = await ownHandlers(path.join(path.dirname(absolute), 'handlers.ts'));
  const explain = createExplain({
    policy,
    plan: createPlanner(policy, router, platform).plan,
    platform,
    engineOf: (wanted, work) => (work === 'inspected' ? 'core' : wanted === 'auto' ? null : wanted),
    ownHandlers: (asked, place) => handlers?.match(asked, place).length ?? null,
  });
  const hasResponse = options.status !== undefined || options.responseHeader !== undefined;
  const explanation = await explain({
    method: method.toUpperCase(),
    url: url.startsWith('/') ? `https://${host}${url}` : url,
    headers,
    // Whose address it is does not matter: country and device are given.
    clientAddress: 'local',
    body: options.data ?? null,
    showValues: options.showValues ?? false,
    response: hasResponse
      ? {
          status: options.status ?? 200,
          headers: readHeaders(options.responseHeader, [], '--response-header'),
        }
      : null,
  });
  return {
    explanation,
    unknown: unknownOf(explanation, route, stores, named),
    warnings: warningsOf(explanation, route, policy, stores),
  };
}

/** The handlers beside the policy; null where they cannot be had on Node, because they import something of the platform. */
async function ownHandlers(file: string): Promise<EdgeHandlers | null> {
  try {
    return (await import(pathToFileURL(file).href)).default;
  } catch {
    return null;
  }
}

/** Why it is not known here whether the service accepts the credential, and how to tell. */
function unknownOf(
  { credential }: Explanation,
  route: Route,
  stores: LocalStores,
  given: GivenKeys,
): string[] {
  const unknown: string[] = [];
  if (credential?.code === 'ERR_SESSION_UNAVAILABLE') {
    unknown.push(
      'nobody is asked about sessions and opaque tokens here, there is no network: let the service itself explain it: --local',
    );
  }
  if (credential?.code === 'ERR_KEYS_UNAVAILABLE' || credential?.code === 'ERR_KEY_UNKNOWN') {
    const asked = new Set(credential.asked.map(({ provider }) => provider));
    for (const provider of route.scope?.providers ?? []) {
      const isConcerned = asked.size === 0 || asked.has(provider.name);
      const why =
        isConcerned && !given.has(provider.name) ? missingKeys(provider, stores, credential.code) : null;
      if (why !== null) unknown.push(why);
    }
  }
  return unknown;
}

/** What else this machine does not know. */
function warningsOf(
  { credential }: Explanation,
  route: Route,
  policy: Policy,
  stores: LocalStores,
): string[] {
  const warnings: string[] = [];
  if (
    route.revocation !== null &&
    credential?.outcome === 'verified' &&
    !stores.kv.get(route.revocation.store)?.size
  ) {
    warnings.push('revocations stand in a KV Store that is not known here: nobody counts as revoked');
  }
  if (policy.providers.length > 0 && stores.secrets.size + stores.configs.size === 0) {
    warnings.push('fastly.toml has no local stores: switches are at their defaults');
  }
  return warnings;
}

/** Why the keys of a provider are not known here, and how to tell them; null: they are. */
function missingKeys({ name, keys }: Provider, stores: LocalStores, code: string): string | null {
  if (keys.kind === 'inline') return null;
  if (keys.kind === 'remote')
    return `the keys of the provider ${name} are at ${keys.url}, and there is no network here: --jwks ${name}=FILE gives them, --local asks the service`;
  const option = keys.kind === 'secretStore' && keys.format !== 'jwk' ? '--secret-file' : '--jwks';
  const held = (keys.kind === 'secretStore' ? stores.secrets : stores.configs)
    .get(keys.store)
    ?.get(keys.item);
  const place = `${keys.item} of ${keys.store}, as [local_server] of fastly.toml has it`;
  if (held?.value && code === 'ERR_KEY_UNKNOWN') return null;
  return held?.value
    ? `the keys of the provider ${name} (${place}) can verify nothing: \`claimcache check\` says why`
    : `the keys of the provider ${name} are looked for in ${place}, and are not there: \`claimcache check --fix\` makes some for this machine, ${option} ${name}=FILE gives them`;
}
