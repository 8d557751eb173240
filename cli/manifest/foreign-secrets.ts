import path from 'node:path';
import type { Policy } from '../../src/policy/policy.ts';
import { sharedSecretOf, writingSecret } from './shared-secret.ts';

/**
 * Local secrets that were made at random, and that somebody else has to know: the client's at an introspection endpoint, the one that an application
 * signs or encrypts with. What is to be written into their files.
 *
 * @param made - Files that were made just now, from the project's folder.
 */
export function foreignSecrets({ providers }: Policy, made: readonly string[]): readonly string[] {
  const fileOf = (item: string) => made.find((file) => path.basename(file) === item);
  return providers.flatMap((provider) => {
    const { name, lookup } = provider;
    if (lookup !== null && lookup.client !== null) {
      const { id, item } = lookup.client;
      const file = fileOf(item);
      return file === undefined
        ? []
        : [
            `${file} is random: write into it the secret of the client ${JSON.stringify(id)} at ${lookup.url}, which the backend ${lookup.backend} of fastly.toml has to reach. Without it nobody learns whose the tokens of the provider ${name} are.`,
          ];
    }
    const secret = sharedSecretOf(provider);
    const file = secret === null ? undefined : fileOf(secret.item);
    if (secret === null || file === undefined) return [];
    return [
      `${file} is random: write the secret of your application into it: ${writingSecret(secret, file)}\nUntil then the service accepts only the tokens of \`claimcache token\` for the provider ${name}, and your application rejects these.`,
    ];
  });
}
