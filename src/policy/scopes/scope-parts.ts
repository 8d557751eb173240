import * as v from 'valibot';
import type { Glob } from '../../http/name-pattern.ts';
import type { ClaimPath, ClaimValue } from '../claims/claim-path.ts';
import {
  type ClaimPathInput,
  claimPath,
  claimPathProblems,
  claimValue,
  compileClaimPath,
} from '../claims/claim-path-setting.ts';
import type { Report } from '../policy-error.ts';
import { compileCookie } from '../providers/credential-sources.ts';
import { isAddressHeader } from '../request-fields/client-address-names.ts';
import {
  cookieName,
  count,
  has,
  headerName,
  isList,
  isNumber,
  isText,
  list,
  matching,
  object,
  oneOf,
  text,
} from '../settings.ts';

/**
 * - `{ contains: 'groups', value: 'editors' }`: whether an array claim has that member.
 * - `{ set: 'roles', only: ['admin', 'editor'] }`: on shared scopes, which members of the list an array claim has: all who have the same share an entry.
 *   Who has more of them than `atMost` (default 16), or an array of more than 256 members, gets 403. `only` has 64 members at most. They count
 *   once, sorted: numbers, then strings by UTF-16 code units: `["editor","sales","admin"]` becomes `["admin","editor"]`. The empty set has
 *   an entry of its own. As a field of `forwardClaims`: `admin,editor`, with `%2C` for a comma in a member; an empty set sends no field.
 * - `{ header: 'accept-language', values: ['de', 'en'] }`, `{ cookie: 'ab', values: ['a', 'b'] }`: one of the list, else
 *   `other`; `Accept-Language` is negotiated. The origin gets the value that counts.
 *   `{ cookie: 'ab_*', … }`: the one cookie that the pattern means; its name is part of the value.
 * - `{ header: 'x-api-key' }`, `{ cookie: 'sid' }`: the whole value, hashed, and it has to be there. NOTHING IS VERIFIED.
 * - `{ country: true }` or `{ country: ['DE', 'AT'] }`: by the client's address; `{ device: true }`: desktop, mobile, tablet.
 */
export type ScopePartInput =
  | { readonly contains: ClaimPathInput; readonly value: ClaimValue }
  | {
      readonly set: ClaimPathInput;
      readonly only: readonly (string | number)[];
      readonly atMost?: number;
    }
  | { readonly header: string; readonly values?: readonly string[] }
  | { readonly cookie: string; readonly values?: readonly string[] }
  | { readonly country: true | readonly string[] }
  | { readonly device: true };

/**
 * A part of a scope beyond its claims. `values` null: the whole value, hashed, and it has to be there; a list: one of
 * these, anything else counts as `other`.
 */
export type ScopePart =
  | { readonly kind: 'contains'; readonly path: ClaimPath; readonly value: ClaimValue }
  | SetPart
  | {
      readonly kind: 'header' | 'cookie';
      /** Lower case for a header, exact for a cookie. */
      readonly name: string;
      readonly values: readonly string[] | null;
    }
  /** The one cookie whose name the pattern means. Its value is `name=value`: the origin gets the name, too. */
  | {
      readonly kind: 'cookiePattern';
      readonly pattern: string;
      readonly glob: Glob;
      readonly values: readonly string[] | null;
    }
  /** ISO 3166-1 alpha-2, upper case; `values` null: any country. */
  | { readonly kind: 'country'; readonly values: readonly string[] | null }
  | { readonly kind: 'device' };

/** The members of an array claim that are on a list. */
export interface SetPart {
  readonly kind: 'set';
  readonly path: ClaimPath;
  /** Each once, in the order of every set that is made of them: numbers by size, then texts by their UTF-16 code units. */
  readonly only: readonly (string | number)[];
  /** Of more members nothing is cached, and nobody gets a page. */
  readonly atMost: number;
}

const MAX_LISTED = 64;
const DEFAULT_AT_MOST = 16;
const MEMBER = 'Expected a text in quotes, or a whole number.';
const only = list(oneOf(MEMBER, [isText, text], [isNumber, claimValue]), '["admin", "editor"]', {
  atLeast: 1,
  atMost: MAX_LISTED,
});

const values = v.optional(list(text, '["de", "en"]', { atLeast: 1, atMost: 256 }));
const country = matching(/^[A-Z]{2}$/, 'Expected a country by ISO 3166-1 alpha-2, such as "DE".');
const COUNTRIES = 'Expected true (any country) or a list of countries, such as ["DE", "AT"].';

/** Countries that make a difference. */
export const countries = oneOf(COUNTRIES, [isList, list(country, '["DE", "AT"]')], [isTrue, v.literal(true)]);

export const scopeParts = list(
  oneOf(
    'Expected one of { contains, value }, { set, only, atMost? }, { header, values? }, { cookie, values? }, { country: true }, { country: ["DE", …] } and { device: true }.',
    [has('contains'), object({ contains: claimPath, value: claimValue })],
    [has('set'), object({ set: claimPath, only, atMost: v.optional(count(MAX_LISTED)) })],
    [has('header'), object({ header: headerName, values })],
    [has('cookie'), object({ cookie: cookieName, values })],
    [has('country'), object({ country: countries })],
    [has('device'), object({ device: v.literal(true, 'Expected true.') })],
  ),
  '[{ header: "accept-language", values: ["de", "en"] }]',
  { atLeast: 1, atMost: 8 },
);

function isTrue(input: unknown): boolean {
  return input === true;
}

export const ADDRESS_IS_NO_PART =
  "A client writes its own address there, and no origin gets it: use the scope's part country, or lane: 'pass' with clientAddress.";
/** The edge reads and sets these itself. */
const NEVER_A_PART = new Set(['host', 'cookie', 'accept-encoding', 'range']);

/** What is wrong with one part. */
export function scopePartProblems(at: string, part: ScopePartInput, report: Report): void {
  if ('contains' in part) claimPathProblems(`${at}.contains`, part.contains, report);
  if ('set' in part) claimPathProblems(`${at}.set`, part.set, report);
  if ('values' in part && part.values?.includes('other')) {
    report(
      'POLICY_UNSAFE',
      `${at}.values`,
      'other',
      'This word stands for everything that is not on the list: use another.',
    );
  }
  if (!('header' in part)) return;
  const name = part.header.toLowerCase();
  if (NEVER_A_PART.has(name)) {
    const fix = 'This header is handled by the edge: it cannot be part of a scope.';
    report('POLICY_UNSAFE', `${at}.header`, part.header, fix);
  }
  if (isAddressHeader(name)) report('POLICY_UNSAFE', `${at}.header`, part.header, ADDRESS_IS_NO_PART);
}

export function compileScopePart(input: ScopePartInput): ScopePart {
  if ('contains' in input) {
    return { kind: 'contains', path: compileClaimPath(input.contains), value: input.value };
  }
  if ('set' in input) {
    return {
      kind: 'set',
      path: compileClaimPath(input.set),
      only: [...new Set(input.only)].sort(inOrder),
      atMost: input.atMost ?? DEFAULT_AT_MOST,
    };
  }
  if ('header' in input) {
    return { kind: 'header', name: input.header.toLowerCase(), values: input.values ?? null };
  }
  if ('cookie' in input) return { ...compileCookie(input.cookie), values: input.values ?? null };
  if ('country' in input) return { kind: 'country', values: input.country === true ? null : input.country };
  return { kind: 'device' };
}

function inOrder(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : 1;
}
