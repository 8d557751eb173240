import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CliError } from './cli-error.ts';
import { projectRoot } from './project.ts';
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
 * machine the demo's.
 *
 * @param url - '' or true for the local service.
 * @throws {CliError} CLI_CONFIG where no token is known.
 */
export function operatorEndpoint(world: World, url: string | true, dryRun = false): OperatorEndpoint {
  const parsed = credentialUrl(url === '' || url === true ? LOCAL_SERVICE : url, 'The URL of the service');
  const token = world.env.CLAIMCACHE_OPERATOR_TOKEN?.trim() || (isLoopback(parsed) ? demoToken() : null);
  if (token === null && !dryRun) {
    throw new CliError(
      'CLI_CONFIG',
      "The operator's token is not known.",
      isLoopback(parsed)
        ? 'Set CLAIMCACHE_OPERATOR_TOKEN, or run `npm run build` once: it makes one for the demo.'
        : 'Set CLAIMCACHE_OPERATOR_TOKEN. The demo token is never sent to another machine.',
    );
  }
  return { origin: parsed.origin, token };
}

function demoToken(): string | null {
  try {
    return readFileSync(path.join(projectRoot, '.demo/operator_token'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}
