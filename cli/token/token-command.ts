import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { decodeJwt, type JWTPayload } from 'jose';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import { mint, type SigningKey } from '../../src/testing/mint.ts';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { durationSeconds } from '../base/duration.ts';
import { loadPolicy } from '../base/load-policy.ts';
import { readLocalStores } from '../base/local-stores.ts';
import { readManifest } from '../base/manifest.ts';
import { manifestFolder } from '../base/project.ts';
import { secretsFolderOf } from '../base/secrets-folder.ts';
import { claimsOf, readPeople } from './people.ts';
import { isKnownLocally, signingKey } from './signing-key.ts';

interface TokenOptions {
  readonly provider?: string;
  readonly expiresIn: number;
  readonly claim?: JWTPayload;
  readonly key?: string;
  readonly policy?: string;
  readonly manifest?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
The key is the one that the local server verifies with: the shared secret of [local_server] in fastly.toml, or
<provider>_private.jwk.json in the folder of the local secrets. No service accepts such a token but this one, on this machine.
A person is the subject, or a name of people.json in that folder.

Examples:
  curl -i http://127.0.0.1:7676/api/orders -H "Authorization: Bearer $(npx claimcache token alice)"
  claimcache token bob --provider partner --expires-in 1h
  claimcache token alice --expires-in -60                     one that has expired
  claimcache token alice --claim sub=4711 --claim role=admin --claim 'tenant:={"id":"globex"}'`;

/**
 * `claimcache token`: a token as a provider of the policy would issue it, for the local server.
 *
 * @remarks
 * - It signs with the local secrets (`.claimcache/`; in the repository of claimcache `.demo/`). Without a key of the provider it says so: `claimcache check --fix` makes one.
 * - No other service accepts such a token. `claimcache dev` accepts it also for a provider whose keys are at a URL.
 * - It warns if the local store lacks the public half of the key. If the service is in another folder, it names that service.
 */
export function tokenCommand(call: Call): Command {
  return new Command('token')
    .description('Mint a test token for the local server, as a provider of the policy would issue it.')
    .argument('[person]', 'whose token: the subject, or a name of people.json')
    .option('--provider <name>', 'who issues it; default: the first of the policy')
    .option('--expires-in <duration>', 'seconds, or 15m, 2h, 7d; negative: expired', durationSeconds, 900)
    .option('--claim <pair>', 'name=text or name:=JSON; may be repeated', claim)
    .option('--key <file>', 'a private JWK to sign with, instead of the local key')
    .option('--policy <file>', 'default: src/policy.ts of the service')
    .option('--manifest <file>', 'default: fastly.toml of the service')
    .option('--json', 'print the token and its claims as JSON')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, options: TokenOptions) => run(call, name, options));
}

async function run({ world }: Call, name: string | undefined, options: TokenOptions): Promise<void> {
  const { policy } = await loadPolicy(options.policy, world.cwd);
  const provider = signing(providerOf(policy, options.provider));
  const folder = manifestFolder(options.manifest, world.cwd);
  const manifest = readManifest(options.manifest, world.cwd);
  const stores = readLocalStores(manifest, folder, world.env);
  const secretsFolder = path.resolve(folder, secretsFolderOf(manifest));
  const claims = {
    ...claimsOf(name, readPeople(secretsFolder)),
    ...options.claim,
  };
  const key = signingKey(provider, { file: options.key, stores, secretsFolder, cwd: world.cwd });
  const token = await signed(provider, key, claims, options.expiresIn, world.nowMs());
  // Somebody who is in another folder than they think gets a token of somebody else's service.
  if (options.policy === undefined && path.resolve(folder) !== path.resolve(world.cwd))
    world.err(`note: for the service in ${path.relative(world.cwd, folder)}\n`);
  if (isKnownLocally(provider, key, stores) === false)
    world.err(
      `warning: the local store of ${provider.name} does not have this key: the service on this machine refuses the token. Its public half: claimcache keys import FILE\n`,
    );
  const result = {
    ok: true,
    token,
    provider: provider.name,
    claims: provider.encryption === null ? decodeJwt(token) : claims,
  };
  present(world, options.json, result, () => `${token}\n`);
}

async function signed(
  provider: Provider,
  key: SigningKey,
  claims: JWTPayload,
  expiresInSeconds: number,
  nowMs: number,
): Promise<string> {
  try {
    return await mint(provider, key, claims, { expiresInSeconds, nowMs });
  } catch (cause) {
    throw new CliError(
      'CLI_INPUT',
      `The key cannot sign as the provider ${provider.name} does.`,
      `Give a private JWK for ${provider.algorithms.join(' or ')}: --key FILE`,
      { cause },
    );
  }
}

/** Nobody signs anything where somebody is asked about each credential. */
function signing(provider: Provider): Provider {
  if (provider.lookup === null) return provider;
  throw new CliError(
    'CLI_USAGE',
    `The provider ${provider.name} has no tokens that could be made here: ${provider.lookup.backend} is asked about each.`,
    provider.lookup.kind === 'session'
      ? 'Sign in at the application: docs/how-to/sessions.md'
      : 'Take one of its issuer: docs/how-to/sessions.md',
  );
}

function providerOf({ providers }: Policy, wanted: string | undefined): Provider {
  const names = providers.map(({ name }) => name);
  const provider = wanted === undefined ? providers[0] : providers.find(({ name }) => name === wanted);
  if (provider !== undefined) return provider;
  if (wanted === undefined) {
    throw new CliError('CLI_CONFIG', 'The policy has no provider.', 'Add one: docs/concepts/identity.md');
  }
  throw new CliError(
    'CLI_USAGE',
    `There is no provider ${JSON.stringify(wanted)}.${didYouMean(wanted, names)}`,
    `The policy has ${names.join(', ')}.`,
  );
}

/** `sub=42` is the text 42, as issuers write it; `sub:=42` is the number. */
function claim(pair: string, before: JWTPayload = {}): JWTPayload {
  const equals = pair.indexOf('=');
  const isTyped = pair[equals - 1] === ':';
  const name = pair.slice(0, isTyped ? equals - 1 : equals);
  if (equals < 1 || name === '') throw new InvalidArgumentError('name=value, or name:=JSON.');
  const text = pair.slice(equals + 1);
  if (!isTyped) return { ...before, [name]: text };
  try {
    return { ...before, [name]: JSON.parse(text) };
  } catch {
    throw new InvalidArgumentError('What stands behind := is no JSON.');
  }
}
