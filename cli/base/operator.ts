import { MIN_SECRET_LENGTH } from '../../src/crypto/min-secret-length.ts';
import { CliError } from './cli-error.ts';
import { readLocalStores } from './local-stores.ts';
import { readManifest } from './manifest.ts';
import { projectFolder } from './project.ts';
import { runningUrl } from './running-service.ts';
import { credentialUrl, isLoopback } from './safe-url.ts';
import type { World } from './world.ts';

/** Where `claimcache dev` answers unless it is told otherwise. */
const USUAL_SERVICE = 'http://127.0.0.1:7676';

/** What `--local [url]` says of itself, in every command that has it. */
export const LOCAL_DEFAULT = 'default: where `claimcache dev` answers, else http://127.0.0.1:7676';

export interface OperatorEndpoint {
  readonly origin: string;
  /** null only where nothing will be sent. */
  readonly token: string | null;
  /** How it was found: by the URL that was given, by what `claimcache dev` wrote down, or because it is the usual one. */
  readonly by: 'url' | 'dev' | 'default';
  readonly tokenFrom: 'environment' | 'manifest' | null;
}

/**
 * A service's own endpoints, and the operator's token for it: CLAIMCACHE_OPERATOR_TOKEN, or for a service on this
 * machine the one of `[local_server]` in fastly.toml.
 *
 * @param url - '' or true for the local service.
 * @throws {CliError} CLI_CONFIG where no token is known, or one that no service takes.
 */
export function operatorEndpoint(world: World, url: string | true, dryRun = false): OperatorEndpoint {
  const isNamed = url !== '' && url !== true;
  const running = isNamed ? null : runningUrl(projectFolder(world.cwd));
  const parsed = credentialUrl(isNamed ? url : (running ?? USUAL_SERVICE), 'The URL of the service');
  const given = world.env.CLAIMCACHE_OPERATOR_TOKEN?.trim() || null;
  const token = given ?? (isLoopback(parsed) ? localToken(world) : null);
  if (token === null && !dryRun) {
    throw new CliError(
      'CLI_CONFIG',
      "The operator's token is not known.",
      isLoopback(parsed)
        ? 'Set CLAIMCACHE_OPERATOR_TOKEN, or let `claimcache check --fix` add an operator_token to [local_server] of fastly.toml.'
        : 'Set CLAIMCACHE_OPERATOR_TOKEN. The token of fastly.toml is never sent to another machine.',
    );
  }
  if (token !== null && token.length < MIN_SECRET_LENGTH && !dryRun) {
    throw new CliError(
      'CLI_CONFIG',
      `The operator's token has fewer than ${MIN_SECRET_LENGTH} characters: no service takes it.`,
      given === null
        ? 'Delete the file of operator_token that fastly.toml names, and run `claimcache check --fix`, which makes another.'
        : 'Set CLAIMCACHE_OPERATOR_TOKEN, and the secret operator_token of the service, to a longer one: openssl rand -hex 32',
    );
  }
  return {
    origin: parsed.origin,
    token,
    by: isNamed ? 'url' : running === null ? 'default' : 'dev',
    tokenFrom: token === null ? null : given === null ? 'manifest' : 'environment',
  };
}

function localToken(world: World): string | null {
  const stores = readLocalStores(readManifest(undefined, world.cwd), projectFolder(world.cwd), world.env);
  for (const items of stores.secrets.values()) {
    const token = items.get('operator_token')?.value?.trim();
    if (token) return token;
  }
  return null;
}
