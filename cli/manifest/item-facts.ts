import { HOOK_PREFIX } from '../../src/operator/paths.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { SecretFormat } from '../../src/policy/providers/key-source.ts';
import { needsOf } from '../check/needs.ts';

/** A secret, or an item of the Config Store. */
export interface ItemFacts {
  readonly store: string;
  readonly name: string;
  /** What `npm run deploy` says where it asks for it. */
  readonly description: string;
}

const RANDOM = 'Random: openssl rand -hex 32';

/** Each secret once. */
export function secretFacts(policy: Policy): ItemFacts[] {
  const keysOf = new Map(policy.providers.map(({ name, keys }) => [`providers.${name}.keys`, keys]));
  return once(
    needsOf(policy).secrets.map(({ where, store, name }) => {
      const keys = keysOf.get(where);
      return {
        store,
        name,
        description: descriptionOf(where, name, keys?.kind === 'secretStore' ? keys.format : null),
      };
    }),
  );
}

/** Each item of a Config Store once. */
export function configFacts(policy: Policy): ItemFacts[] {
  return once(
    needsOf(policy).configs.map(({ where, store, name }) => ({
      store,
      name,
      description: `The JWKS (RFC 7517) of ${where.replace(/^providers\.(.*)\.keys$/, 'the provider $1')}, in one line.`,
    })),
  );
}

function descriptionOf(where: string, name: string, format: SecretFormat | null): string {
  if (format === 'raw')
    return 'The key that your tokens are signed with (HMAC), as raw text, 32 bytes or more.';
  if (format === 'jwk') return 'The key that your tokens are verified with, as a JWK (RFC 7517) in one line.';
  if (format === 'authjs') return 'AUTH_SECRET of your application, as it is there.';
  if (format === 'nextauth') return 'NEXTAUTH_SECRET of your application, as it is there.';
  if (name === 'operator_token') return `Admits the operator to /.edge/. ${RANDOM}`;
  if (name === 'fingerprint_key')
    return `Keys the digest that guards every hit and stands in the log. ${RANDOM}`;
  if (name === 'shield_key') return `Seals what goes to a shield. ${RANDOM}`;
  if (where.startsWith('purgeHooks.'))
    return `What deliveries to ${HOOK_PREFIX}${where.slice('purgeHooks.'.length)} are signed with: the same as at the sender.`;
  if (where.startsWith('origins.'))
    return 'What your application knows the edge by. Random, the same in both places.';
  if (where.endsWith('.introspection'))
    return `The secret of the edge's client for ${where}: as your issuer has it.`;
  return `For ${where}: as your application has it.`;
}

function once(facts: readonly ItemFacts[]): ItemFacts[] {
  return facts.filter(
    ({ store, name }, i) => facts.findIndex((other) => other.store === store && other.name === name) === i,
  );
}
