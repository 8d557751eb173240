import { revocationKey } from '../keys/revocation-entry.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import { own } from '../policy/claims/own.ts';
import type { RevocationRule } from '../policy/revocation-rule.ts';
import type { Identity } from './identity.ts';
import type { ReadKv } from './ports.ts';

/**
 * Whether a verified identity was revoked since its token was issued.
 *
 * An entry of a scope's value revokes tokens issued up to its `notBefore`, in whole seconds: a token of the same second
 * is out, and so is one without `iat`, one whose `iat` is in the future, and every token under an entry that cannot be
 * read. An entry of a `jti` revokes that token.
 *
 * @returns `unavailable` where the store is down and nothing that could be read says yes.
 */
export async function isRevoked(
  readKv: ReadKv,
  rule: RevocationRule,
  identity: Identity,
  nowMs: number,
): Promise<'no' | 'yes' | 'unavailable'> {
  const { claims } = identity;
  const issuedAt = own(claims, 'iat');
  const questions: { key: string; revokes: (entry: string) => boolean }[] = [];
  for (const { name, path } of rule.scopes) {
    const value = claimValue(walkClaims(claims, path));
    if (value === null) continue;
    const key = revocationKey({ scope: name, value });
    questions.push({ key, revokes: (entry) => isOlder(issuedAt, entry, nowMs) });
  }
  const tokenId = claimValue(own(claims, 'jti'));
  if (tokenId !== null) {
    questions.push({ key: revocationKey({ tokenId: String(tokenId) }), revokes: () => true });
  }
  const answers = await Promise.all(
    questions.map(async ({ key, revokes }) => {
      try {
        const entry = await readKv(rule.store, key);
        return entry !== null && revokes(entry) ? 'yes' : 'no';
      } catch {
        return 'unavailable';
      }
    }),
  );
  if (answers.includes('yes')) return 'yes';
  return answers.includes('unavailable') ? 'unavailable' : 'no';
}

function isOlder(issuedAt: unknown, entry: string, nowMs: number): boolean {
  if (typeof issuedAt !== 'number' || issuedAt > nowMs / 1000) return true;
  try {
    const { notBefore } = JSON.parse(entry);
    return !(typeof notBefore === 'number' && Math.floor(issuedAt) > notBefore);
  } catch {
    return true;
  }
}
