import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import type { Policy, PolicyInput } from '../policy/policy.ts';
import type { JsonWebKeyInput } from '../policy/providers/key-source.ts';
import type { SigningKey } from './mint.ts';

export const TEST_STORE = 'claimcache_testing';

export interface TestKeys {
  /** The same policy, but each provider verifies with a key that the test holds. */
  readonly policy: PolicyInput;
  /** By the provider's name. */
  readonly signing: ReadonlyMap<string, SigningKey>;
  /** Items of the Secret Store `TEST_STORE`. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** Makes a key for each provider of a policy, in the place of the key of production, which no test knows. */
export async function testKeys(
  input: PolicyInput,
  { providers }: Pick<Policy, 'providers'>,
): Promise<TestKeys> {
  const signing = new Map<string, SigningKey>();
  const secrets = new Map<string, string>();
  const replaced: Record<string, unknown> = {};
  for (const { name, algorithms, encryption, keys, lookup } of providers) {
    if (lookup !== null) {
      replaced[name] = input.providers?.[name];
      continue;
    }
    const [algorithm = 'HS256'] = algorithms;
    if (encryption !== null || algorithm.startsWith('HS')) {
      const secret = randomBytes(64).toString('base64url');
      secrets.set(name, secret);
      signing.set(name, new TextEncoder().encode(secret));
      replaced[name] = {
        ...input.providers?.[name],
        keys: { secretStore: TEST_STORE, item: name, format: encryption === null ? 'raw' : formatOf(keys) },
      };
      continue;
    }
    const pair = await pairOf(name, algorithm);
    const about = { kid: `test-${name}`, alg: algorithm, use: 'sig' };
    signing.set(name, { ...(await exportJWK(pair.privateKey)), ...about });
    const publicKey = { ...(await exportJWK(pair.publicKey)), ...about } as JsonWebKeyInput;
    replaced[name] = { ...input.providers?.[name], keys: { jwks: { keys: [publicKey] } } };
  }
  return { policy: { ...input, providers: replaced } as PolicyInput, signing, secrets };
}

function formatOf(keys: Policy['providers'][number]['keys']): string {
  return keys.kind === 'secretStore' ? keys.format : 'raw';
}

const pairs = new Map<string, ReturnType<typeof generateKeyPair>>();

/** A key pair is slow to make: one for each provider and algorithm serves all tests of a process. Two providers never have the same. */
function pairOf(provider: string, algorithm: string): ReturnType<typeof generateKeyPair> {
  const id = JSON.stringify([provider, algorithm]);
  const pair = pairs.get(id) ?? generateKeyPair(algorithm, { extractable: true });
  pairs.set(id, pair);
  return pair;
}
