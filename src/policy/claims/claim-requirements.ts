import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import { isList, isObject, list, object, oneOf, record } from '../settings.ts';
import type { ClaimPath, ClaimValue } from './claim-path.ts';
import {
  type ClaimPathInput,
  claimNames,
  claimPathProblems,
  claimValue,
  compileClaimPath,
} from './claim-path-setting.ts';

/** `true`: any value, but it has to be there. A value, or a list of values one of which it has to be. */
type AcceptedInput = true | ClaimValue | readonly ClaimValue[];

/**
 * Claims that a caller must have: path to what is accepted, `{ role: ['admin', 'editor'] }`; or a list, for claims whose names have dots:
 * `[{ path: ['https://my.app/roles'], value: 'admin' }]`, without `value` for any. A claim that is an array has what it contains.
 */
export type RequiredClaimsInput =
  | Readonly<Record<string, AcceptedInput>>
  | readonly { readonly path: readonly string[]; readonly value?: AcceptedInput }[];

/** A claim that a caller must have, or be refused with ERR_SCOPE_INSUFFICIENT. */
export interface RequiredClaim {
  readonly path: ClaimPath;
  /** One of these, itself or in an array; null: any value. */
  readonly values: readonly ClaimValue[] | null;
}

const accepted = oneOf(
  'Expected true (any value), a value, or a list of accepted values.',
  [isList, list(claimValue, '["admin", "editor"]', { atLeast: 1 })],
  [() => true, claimValue],
);

export const requiredClaims = oneOf(
  'Expected claims with what is accepted: { role: ["admin", "editor"] }, or [{ path: ["https://my.app/roles"], value: "admin" }].',
  [
    isList,
    list(
      object({
        path: claimNames,
        value: v.optional(accepted),
      }),
      '[{ path: ["https://my.app/roles"], value: "admin" }]',
    ),
  ],
  [isObject, record(accepted)],
);

interface Entry {
  readonly path: ClaimPathInput;
  readonly accepted: AcceptedInput;
}

function entriesOf(input: RequiredClaimsInput = {}): readonly Entry[] {
  return isEntries(input)
    ? input.map(({ path, value = true }) => ({ path: { path }, accepted: value }))
    : Object.entries(input).map(([path, accepted]) => ({ path, accepted }));
}

function isEntries(input: RequiredClaimsInput): input is Extract<RequiredClaimsInput, readonly unknown[]> {
  return Array.isArray(input);
}

/** How many claims are required. */
export function countRequired(input: RequiredClaimsInput | undefined): number {
  return entriesOf(input).length;
}

/** What is wrong with their paths. */
export function requirementProblems(
  at: string,
  input: RequiredClaimsInput | undefined,
  report: Report,
): void {
  for (const { path } of entriesOf(input)) claimPathProblems(`${at}.requiredClaims`, path, report);
}

export function compileRequiredClaims(input: RequiredClaimsInput | undefined): readonly RequiredClaim[] {
  return entriesOf(input).map(({ path, accepted }) => ({
    path: compileClaimPath(path),
    values: accepted === true ? null : isListOfValues(accepted) ? accepted : [accepted],
  }));
}

function isListOfValues(accepted: AcceptedInput): accepted is readonly ClaimValue[] {
  return Array.isArray(accepted);
}
