import { parseKeySet } from '../../src/identity/key-set.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { Provider } from '../../src/policy/providers/provider.ts';
import { CliError } from '../base/cli-error.ts';
import { fileText, withoutLineEnd } from '../base/read-credential.ts';

/** What a provider's source is to hold, by the provider's name, instead of what the local stores hold. */
export type GivenKeys = ReadonlyMap<string, string>;

/**
 * `--jwks [provider=]file` and `--secret-file [provider=]file`. Without a name it is the only provider that such a file can
 * be meant for.
 *
 * @throws {CliError} CLI_USAGE, CLI_INPUT. No message quotes a file's content.
 */
export function readGivenKeys(
  jwks: readonly string[] | undefined,
  secretFiles: readonly string[] | undefined,
  policy: Policy,
  cwd: string,
): GivenKeys {
  const given = new Map<string, string>();
  const add = (provider: Provider, text: string) => {
    if (given.has(provider.name)) {
      throw new CliError(
        'CLI_USAGE',
        `Two key files for the provider ${provider.name}.`,
        'Give one for each.',
      );
    }
    given.set(provider.name, text);
  };
  for (const text of jwks ?? []) {
    const { provider, file } = named(text, policy, '--jwks', takesJwks);
    const content = fileText(file, cwd);
    const set = parseKeySet(content, false);
    if (set === null || set.keys.length === 0) {
      throw new CliError(
        'CLI_INPUT',
        `${file} has no key that can verify something.`,
        'claimcache keys check FILE says why; claimcache keys import makes a JWKS of PEM files.',
      );
    }
    add(provider, content);
  }
  for (const text of secretFiles ?? []) {
    const { provider, file } = named(text, policy, '--secret-file', takesSecret);
    const secret = withoutLineEnd(fileText(file, cwd));
    add(provider, takesJwks(provider) ? asJwk(secret) : secret);
  }
  return given;
}

function takesSecret({ algorithms, encryption, keys }: Provider): boolean {
  if (keys.kind !== 'secretStore') return false;
  return encryption !== null || algorithms.some((algorithm) => algorithm.startsWith('HS'));
}

function takesJwks({ keys }: Provider): boolean {
  return keys.kind !== 'inline' && !(keys.kind === 'secretStore' && keys.format !== 'jwk');
}

function asJwk(secret: string): string {
  return JSON.stringify({ kty: 'oct', k: Buffer.from(secret).toString('base64url') });
}

function named(
  text: string,
  { providers }: Policy,
  option: string,
  fits: (provider: Provider) => boolean,
): { provider: Provider; file: string } {
  const equals = text.indexOf('=');
  const name = equals < 0 ? null : text.slice(0, equals);
  const fitting = providers.filter(fits);
  const names = fitting.map((provider) => provider.name);
  const list = names.join(', ') || 'none';
  if (name === null) {
    const [only, ...more] = fitting;
    if (only !== undefined && more.length === 0) return { provider: only, file: text };
    throw new CliError(
      'CLI_USAGE',
      `${option} does not say which provider it is for.`,
      `${option} PROVIDER=FILE. Providers that take it: ${list}.`,
    );
  }
  const provider = fitting.find((one) => one.name === name);
  if (provider !== undefined) return { provider, file: text.slice(equals + 1) };
  throw new CliError(
    'CLI_USAGE',
    `No provider "${name}" of the policy takes ${option}.${didYouMean(name, names)}`,
    `Providers that take it: ${list}.`,
  );
}
