import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { flag, has, isFlag, isList, isNumber, isText, list, object, oneOf, text } from '../settings.ts';
import { type ClaimPath, parseClaimPath } from './claim-path.ts';

/**
 * Where a claim is in a token: `'sub'`; `'tenant.id'` for one within another; `{ path: ['https://my.app/org_id'] }`, name by name, where
 * a name has dots. In a text `\\.` is a dot of the name.
 */
export type ClaimPathInput = string | { readonly path: readonly string[] };

const NAME = v.pipe(
  v.string('Expected the name of a claim in quotes.'),
  v.nonEmpty('The name of a claim is missing: write it, such as "sub".'),
);
const CLAIM = `Expected the path of a claim, such as "sub", "tenant.id" or { path: ["https://my.app/org_id"] }.`;

const pathText = v.pipe(v.string(CLAIM), v.nonEmpty(`The path of the claim is empty. ${CLAIM}`));
/** A path, name by name. */
export const claimNames = list(NAME, '["https://my.app/org_id"]', { atLeast: 1, atMost: 8 });
const pathList = object({ path: claimNames });

export const claimPath = oneOf(CLAIM, [isText, pathText], [has('path'), pathList]);

/** One path, or several. */
export const claimPaths = oneOf(
  `${CLAIM} Several are a list of these.`,
  [isText, pathText],
  [has('path'), pathList],
  [isList, list(claimPath, '["tenant.id", "role"]', { atLeast: 1, atMost: 8 })],
);

const WHOLE = 'Expected a whole number that JavaScript holds exactly (RFC 7493 section 2.2).';

export const claimValue = oneOf(
  'Expected a text, a whole number, or true or false.',
  [isText, text],
  [isNumber, v.pipe(v.number(WHOLE), v.safeInteger(WHOLE))],
  [isFlag, flag],
);

/** Empty where the text is no path: {@link claimPathProblems} has refused it. */
export function compileClaimPath(input: ClaimPathInput): ClaimPath {
  return typeof input === 'string' ? (parseClaimPath(input) ?? []) : input.path;
}

/** What is wrong with one path. */
export function claimPathProblems(at: string, input: ClaimPathInput, report: Report): void {
  if (typeof input !== 'string') return;
  const parsed = parseClaimPath(input);
  if (parsed === null) {
    report(
      'POLICY_CLAIM_PATH',
      at,
      input,
      'Parts are joined by dots and not empty; write a dot inside a name as \\\\. in a string, or the names as a list: { path: ["a.b", "c"] }.',
    );
  } else if (parsed.length > 1 && LIKE_A_URL.test(input)) {
    report(
      'POLICY_CLAIM_PATH',
      at,
      input,
      `A dot means a claim within another, so this looks for ${JSON.stringify(parsed[1])} inside ${JSON.stringify(parsed[0])}. For the claim of this name write { path: [${JSON.stringify(input)}] }.`,
    );
  }
}

/** A namespaced claim (RFC 7519 section 4.2) in which nobody thought of the dots: with a backslash somebody did. */
const LIKE_A_URL = /^(?:[a-z][a-z0-9+.-]*:\/\/|urn:|www\.)[^\\]*$/i;
