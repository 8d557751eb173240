import { text } from 'node:stream/consumers';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import { CliError } from '../base/cli-error.ts';
import { fileText, withoutLineEnd } from '../base/read-credential.ts';
import type { World } from '../base/world.ts';
import { keySetOfSecret } from '../check/check-keys.ts';
import { type SharedSecret, sharedSecretOf } from '../manifest/shared-secret.ts';
import { type Asker, given } from './questions.ts';

/** What the application signs or encrypts with, for the local store of one provider. */
export interface GivenSecret extends SharedSecret {
  readonly provider: string;
  readonly text: string;
}

/**
 * The application's secret, from `--secret-file` or a question; null: nobody has given one, or the provider has public keys.
 *
 * @throws {CliError} CLI_USAGE, CLI_INPUT. No message quotes the secret.
 */
export async function collectSecret(
  file: string | undefined,
  { providers }: Policy,
  asker: Asker | null,
  world: World,
): Promise<GivenSecret | null> {
  const provider = providers.find((one) => sharedSecretOf(one) !== null);
  const shared = provider === undefined ? null : sharedSecretOf(provider);
  if (provider === undefined || shared === null) {
    if (file === undefined) return null;
    throw new CliError(
      'CLI_USAGE',
      '--secret-file: this provider has public keys, and no secret that is shared.',
      'Leave --secret-file out.',
    );
  }
  const secret =
    file === undefined ? await asked(asker, provider, shared) : await read(file, provider, world);
  return secret === '' ? null : { ...shared, provider: provider.name, text: secret };
}

async function read(file: string, provider: Provider, world: World): Promise<string> {
  const secret = withoutLineEnd(file === '-' ? await text(world.stdin) : fileText(file, world.cwd));
  const wrong = secret === '' ? 'It is empty' : wrongSecret(provider, secret);
  if (wrong === undefined) return secret;
  throw new CliError(
    'CLI_INPUT',
    `--secret-file: ${wrong}.`,
    'Give the secret of your application alone; a new one: openssl rand -hex 32',
  );
}

async function asked(asker: Asker | null, provider: Provider, { variable }: SharedSecret): Promise<string> {
  if (asker === null) return '';
  const message = `What is the secret of its tokens, ${variable}? (empty: a random one, for test tokens alone)`;
  return given(
    await asker.secret(message, (secret) => (secret === '' ? undefined : wrongSecret(provider, secret))),
  );
}

/** What is wrong with a secret, in a sentence; undefined: nothing. */
function wrongSecret(provider: Provider, secret: string): string | undefined {
  if (secret.trim() !== secret) return 'It begins or ends with white space';
  if ((keySetOfSecret(provider, secret)?.keys.length ?? 0) > 0) return undefined;
  return 'It is too short: the service accepts 32 bytes or more (RFC 7518 section 3.2)';
}
