import { cookiesLike } from '../http/cookies-like.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { type ClaimPath, formatClaimPath } from '../policy/claims/claim-path.ts';
import { claimValue, walkClaims } from '../policy/claims/claim-value.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import type { ScopePart } from '../policy/scopes/scope-parts.ts';
import type { Lookup } from './explanation.ts';
import { maskValue } from './mask.ts';

/**
 * Where a scope looks for its values, and what it finds there, by its type alone.
 *
 * @param claims - Of a token that has verified; null: none has, and of claims only the path is told.
 */
export function claimLookups(
  { claims: paths, parts }: Scope,
  claims: Readonly<Record<string, unknown>> | null,
  facts: Pick<RequestFacts, 'headers' | 'cookies'>,
): readonly Lookup[] {
  return [
    ...paths.map((path) => ({
      name: formatClaimPath(path),
      path,
      found: claims === null ? null : foundText(claims, path),
    })),
    ...parts.flatMap((part) => {
      const found = wholeText(part, facts);
      return found === null ? [] : [{ name: partText(part), path: null, found }];
    }),
  ];
}

export function partText(part: ScopePart): string {
  switch (part.kind) {
    case 'contains':
      return `${formatClaimPath(part.path)} contains`;
    case 'set':
      return `set of ${formatClaimPath(part.path)}`;
    case 'cookiePattern':
      return `cookie ${part.pattern}`;
    case 'header':
    case 'cookie':
      return `${part.kind} ${part.name}`;
    default:
      return part.kind;
  }
}

function foundText(claims: Readonly<Record<string, unknown>>, path: ClaimPath): string {
  const value = walkClaims(claims, path);
  if (value !== undefined) {
    const shown = JSON.stringify(maskValue(value));
    if (claimValue(value) !== null) return shown;
    return value === ''
      ? 'an empty text'
      : `${shown}, which no key is made of: only a text of at most 1024 bytes, a safe integer, true or false`;
  }
  const whole = path.join('.');
  if (path.length > 1 && Object.hasOwn(claims, whole))
    return `missing; the token has one claim named ${JSON.stringify(whole)}: { path: [${JSON.stringify(whole)}] }`;
  let depth = path.length - 1;
  while (depth > 0 && walkClaims(claims, path.slice(0, depth)) === undefined) depth--;
  if (depth === 0) return 'missing';
  const parent = formatClaimPath(path.slice(0, depth));
  return `missing: ${parent} is there, and has no member ${JSON.stringify(path[depth])}`;
}

/** A part that has to be there, once; null: this one has a value in any case. */
function wholeText(
  part: ScopePart,
  { headers, cookies }: Pick<RequestFacts, 'headers' | 'cookies'>,
): string | null {
  if (!('values' in part) || part.kind === 'country' || part.values !== null) return null;
  let sent: readonly string[];
  if (part.kind === 'cookiePattern') sent = cookiesLike(cookies, part.glob).map(([, value]) => value);
  else if (part.kind === 'cookie') sent = cookies.get(part.name) ?? [];
  else sent = [headers.get(part.name)].filter((value) => value !== null);
  if (sent.length > 1) return `sent ${sent.length} times: nobody knows which one counts`;
  return sent.length === 0 ? 'not sent' : sent[0] === '' ? 'sent empty' : 'sent';
}
