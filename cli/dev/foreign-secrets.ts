import path from 'node:path';
import type { Policy } from '../../src/policy/policy.ts';

/**
 * Local secrets that were made at random, and that somebody else has to know: the client's at an introspection endpoint, the one of Auth.js. What
 * is to be written into their files.
 *
 * @param made - Files that were made just now, from the project's folder.
 */
export function foreignSecrets({ providers }: Policy, made: readonly string[]): readonly string[] {
  const fileOf = (item: string) => made.find((file) => path.basename(file) === item);
  return providers.flatMap(({ name, keys, lookup }) => {
    if (lookup !== null && lookup.client !== null) {
      const { id, item } = lookup.client;
      const file = fileOf(item);
      return file === undefined
        ? []
        : [
            `${file} is random: write into it the secret of the client ${JSON.stringify(id)} at ${lookup.url}, which the backend ${lookup.backend} of fastly.toml has to reach. Without it nobody learns whose the tokens of the provider ${name} are.`,
          ];
    }
    if (keys.kind !== 'secretStore' || (keys.format !== 'authjs' && keys.format !== 'nextauth')) return [];
    const file = fileOf(keys.item);
    const variable = keys.format === 'authjs' ? 'AUTH_SECRET' : 'NEXTAUTH_SECRET';
    return file === undefined
      ? []
      : [
          `${file} is random: write ${variable} of your application into it. Without it no session of the provider ${name} verifies.`,
        ];
  });
}
