import { onlyCookie } from '../http/cookies.ts';
import { cookiesLike } from '../http/cookies-like.ts';
import { textDigest } from '../keys/text-digest.ts';
import type { ScopeValue } from '../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import { valuesOf } from '../policy/claims/required-claims.ts';
import type { ScopePart } from '../policy/scopes/scope-parts.ts';
import { claimSet } from './claim-set.ts';
import type { Identity, Visitor } from './identity.ts';
import { pickLanguage } from './language.ts';

/** What a value counts as that is not on the list of a part. No list may have it. */
export const OTHER = 'other';

/**
 * The value of one part of a scope for one request.
 *
 * - `contains`: whether the claim is, or has among its members, that value; a missing claim does not.
 * - `set`: the members of an array claim that are on a list.
 * - header or cookie with a list: the value where it is on the list, otherwise `other`. `Accept-Language` is negotiated.
 * - header or cookie without a list: base64url SHA-256 of the whole value. Nothing is verified.
 * - cookie by a pattern: the same of `name=value`, because the origin gets the name of the cookie, too.
 * - country and device: of the platform; `other` where unknown.
 *
 * @returns null where a whole value is missing, a cookie stands there twice, or a claim makes no set.
 */
export function scopePartValue(
  part: ScopePart,
  identity: Identity | null,
  visitor: Visitor,
): ScopeValue | null {
  switch (part.kind) {
    case 'contains': {
      const found = valuesOf(walkClaims(identity?.claims ?? {}, part.path), part.path);
      return found.some((value) => claimValue(value) === part.value);
    }
    case 'set':
      return claimSet(identity, part);
    case 'country':
      return listed(visitor.country(), part.values);
    case 'device':
      return visitor.device() ?? OTHER;
    default:
      return sentValue(part, visitor);
  }
}

function sentValue(part: SentPart, visitor: Visitor): string | null {
  const { values } = part;
  if (values === null) {
    const text = digestedValue(part, visitor);
    return text === null ? null : textDigest(text);
  }
  const { sent, before } = whatWasSent(part, visitor);
  if (part.kind === 'header' && part.name === 'accept-language') {
    return pickLanguage(sent ?? '', values) ?? OTHER;
  }
  return sent !== null && values.includes(sent) ? `${before}${sent}` : OTHER;
}

/** The text whose digest {@link scopePartValue} needs: a whole header or cookie, which may be long. */
export function digestedValue(part: ScopePart, visitor: Visitor): string | null {
  if (part.kind !== 'header' && part.kind !== 'cookie' && part.kind !== 'cookiePattern') return null;
  if (part.values !== null) return null;
  const { sent, before } = whatWasSent(part, visitor);
  return sent === null || sent === '' ? null : `${before}${sent}`;
}

type SentPart = Extract<ScopePart, { kind: 'header' | 'cookie' | 'cookiePattern' }>;

/** The value, and what stands before it where its name counts too. */
function whatWasSent(part: SentPart, { headers, cookies }: Visitor): { sent: string | null; before: string } {
  if (part.kind !== 'cookiePattern') {
    const sent = part.kind === 'header' ? headers.get(part.name) : onlyCookie(cookies, part.name);
    return { sent, before: '' };
  }
  const like = cookiesLike(cookies, part.glob);
  const only = like.length === 1 ? like[0] : undefined;
  return only === undefined ? { sent: null, before: '' } : { sent: only[1], before: `${only[0]}=` };
}

function listed(value: string | null, values: readonly string[] | null): string {
  return value !== null && (values === null || values.includes(value)) ? value : OTHER;
}
