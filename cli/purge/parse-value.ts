import type { ClaimValue, ScopeValue } from '../../src/policy/claims/claim-path.ts';
import { CliError } from '../base/cli-error.ts';

/** One argument as a value of a scope: a set is a JSON array, with `--typed`. */
export function argumentScopeValue(text: string, typed: boolean): ScopeValue {
  const value = typed ? parseJson(text) : undefined;
  return Array.isArray(value) && isScopeValue(value) ? value : argumentValue(text, typed);
}

/** One argument as a claim value: its text, or with `--typed` what it means in JSON. */
export function argumentValue(text: string, typed: boolean): ClaimValue {
  if (!typed) return text;
  const value = parseJson(text);
  if (isClaimValue(value)) return value;
  throw new CliError(
    'CLI_INPUT',
    'With --typed a value is a JSON string, integer or boolean.',
    `Quote strings twice: '"acme"'. Numbers and true or false stand as they are.`,
  );
}

/**
 * One line of a file as the values of a scope. A line that begins with `[` or `"` is JSON: an array has one value for
 * each claim, and a set is an array within it. Any other is one value as it stands, or with `--typed` as JSON.
 */
export function lineValues(text: string, typed: boolean, where: string): readonly ScopeValue[] {
  if (!typed && !/^\s*["[]/.test(text)) return [text.trim()];
  const value = parseJson(text);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > 0 && values.every(isScopeValue)) return values;
  throw new CliError(
    'CLI_INPUT',
    `${where}This is not a JSON value of a claim.`,
    'A line is a string, an integer, a boolean, or an array of these with one for each claim; a set is an array within it.',
  );
}

function isScopeValue(value: unknown): value is ScopeValue {
  return isClaimValue(value) || (Array.isArray(value) && value.every(isClaimValue));
}

function isClaimValue(value: unknown): value is ClaimValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
