import type { ErrorCode } from '../errors.ts';
import { cookiesLike } from '../http/cookies-like.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { trimOws } from '../http/trim.ts';
import type { CredentialSource, SearchedSource } from '../policy/providers/credential-sources.ts';
import type { Provider } from '../policy/providers/provider.ts';

/** What a request brings for one provider. */
export type Credential =
  | { readonly kind: 'found'; readonly token: string; readonly credentialSource: CredentialSource }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly code: ErrorCode };

const MISSING: Credential = { kind: 'missing' };
const AMBIGUOUS = Symbol('ambiguous');

/** The token, null where the place is empty. */
type Found = string | null | typeof AMBIGUOUS;

/**
 * The first of the provider's places that holds a value.
 *
 * Two values in one place are ambiguous: the origin may read the other one. `Headers` joins two Authorization lines
 * by a comma, and no token contains one.
 *
 * @returns `invalid` with ERR_CREDENTIAL_AMBIGUOUS or ERR_TOKEN_MALFORMED (empty after its scheme, or longer than
 * `tokenBytes`).
 */
export function findCredential(
  headers: ReadonlyFields,
  cookies: ReadonlyMap<string, readonly string[]>,
  provider: Provider,
  tokenBytes: number,
): Credential {
  for (const searched of provider.credentials) {
    let source: SearchedSource = searched;
    let found: Found;
    if (source.kind === 'cookiePattern') {
      const like = cookiesLike(cookies, source.glob);
      const [name, value] = like[0] ?? ['', ''];
      // Two cookies that a pattern means are two credentials, as two of one name are.
      found = like.length > 1 ? AMBIGUOUS : value || null;
      // By its exact name, so that nothing else that the pattern means is taken for it later.
      source = { kind: 'cookie', name };
    } else {
      found = source.kind === 'cookie' ? fromCookie(cookies, source.name) : fromHeader(headers, source);
    }
    if (found === null) continue;
    if (found === AMBIGUOUS) return { kind: 'invalid', code: 'ERR_CREDENTIAL_AMBIGUOUS' };
    if (found === '' || found.length > tokenBytes) return { kind: 'invalid', code: 'ERR_TOKEN_MALFORMED' };
    return { kind: 'found', token: found, credentialSource: source };
  }
  return MISSING;
}

function fromCookie(cookies: ReadonlyMap<string, readonly string[]>, name: string): Found {
  const values = cookies.get(name);
  if (values === undefined) return null;
  if (values.length > 1) return AMBIGUOUS;
  // A logout that sets the cookie to nothing leaves nobody behind, not somebody with a bad token.
  return values[0] || null;
}

function fromHeader(
  headers: ReadonlyFields,
  { name, scheme }: Extract<CredentialSource, { kind: 'header' }>,
): Found {
  const value = trimOws(headers.get(name) ?? '');
  if (value === '') return null;
  if (scheme === null) return value.includes(',') ? AMBIGUOUS : value;
  const end = value.search(/[ \t]|$/);
  if (value.slice(0, end).toLowerCase() !== scheme) {
    // Another scheme is somebody else's credential, unless ours hides in a second line: `Basic x, Bearer y`.
    return hasMember(value.toLowerCase(), `${scheme} `) ? AMBIGUOUS : null;
  }
  const token = trimOws(value.slice(end));
  return token.includes(',') ? AMBIGUOUS : token;
}

/** Whether a member of a list begins like that. The list is not taken apart: it may have thousands of members. */
function hasMember(list: string, beginning: string): boolean {
  for (let at = list.indexOf(beginning); at >= 0; at = list.indexOf(beginning, at + beginning.length)) {
    let before = at - 1;
    while (before >= 0 && (list[before] === ' ' || list[before] === '\t')) before--;
    if (before < 0 || list[before] === ',') return true;
  }
  return false;
}
