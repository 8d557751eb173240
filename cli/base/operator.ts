import { CliError } from './cli-error.ts';
import { readLocalStores } from './local-stores.ts';
import { readManifest } from './manifest.ts';
import { projectFolder } from './project.ts';
import { credentialUrl, isLoopback } from './safe-url.ts';
import type { World } from './world.ts';

export const LOCAL_SERVICE = 'http://127.0.0.1:7676';

export interface OperatorEndpoint {
  readonly origin: string;
  /** null only where nothing will be sent. */
  readonly token: string | null;
}

/**
 * A service's own endpoints, and the operator's token for it: CLAIMCACHE_OPERATOR_TOKEN, or for a service on this
 * machine the one of `[local_server]` in fastly.toml.
 *
 * @param url - '' or true for the local service.
 * @throws {CliError} CLI_CONFIG where no token is known.
 */
export function operatorEndpoint(world: World, url: string | true, dryRun = false): OperatorEndpoint {
  const parsed = credentialUrl(url === '' || url === true ? LOCAL_SERVICE : url, 'The URL of the service');
  const token =
    world.env.CLAIMCACHE_OPERATOR_TOKEN?.trim() || (isLoopback(parsed) ? localToken(world) : null);
  if (token === null && !dryRun) {
    throw new CliError(
      'CLI_CONFIG',
      "The operator's token is not known.",
      isLoopback(parsed)
        ? 'Set CLAIMCACHE_OPERATOR_TOKEN, or give [local_server.secret_stores] of fastly.toml an `operator_token`: `npm run build` makes that of the demo.'
        : 'Set CLAIMCACHE_OPERATOR_TOKEN. The token of fastly.toml is never sent to another machine.',
    );
  }
  return { origin: parsed.origin, token };
}

function localToken(world: World): string | null {
  const stores = readLocalStores(readManifest(undefined, world.cwd), projectFolder(world.cwd), world.env);
  for (const items of stores.secrets.values()) {
    const token = items.get('operator_token')?.value?.trim();
    if (token) return token;
  }
  return null;
}
