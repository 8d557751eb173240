import { decode } from 'jose/base64url';
import { hasDuplicateMembers } from './json-members.ts';

/** Deep nesting overflows the stack of a recursive walk long before it is a token anybody would issue. */
const MAX_NESTING = 32;

const ALPHABET = /^[A-Za-z0-9_-]+$/;
/** Last characters whose unused low bits are zero, for texts of length 2 and 3 modulo 4 (RFC 4648 section 3.5). */
const LAST_OF_TWO = /[AQgw]$/;
const LAST_OF_THREE = /[AEIMQUYcgkosw048]$/;

/** Whether a text is base64url in its one spelling. */
export function isCanonical(part: string): boolean {
  if (!ALPHABET.test(part)) return false;
  const left = part.length % 4;
  if (left === 1) return false;
  return left === 0 || (left === 2 ? LAST_OF_TWO : LAST_OF_THREE).test(part);
}

/** The JSON object that base64url holds, in its one spelling; null where it is none that can be read in one way only. */
export function decodedObject(part: string): Record<string, unknown> | null {
  return isCanonical(part) ? jsonObject(decodedText(part)) : null;
}

const NOT_ASCII = /[^\0-\x7f]/;

/** The text that canonical base64url holds. Most claims are ASCII: then no byte has to be touched in JavaScript. */
function decodedText(part: string): string {
  const bytes = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
  return NOT_ASCII.test(bytes) ? new TextDecoder().decode(decode(part)) : bytes;
}

/** A JSON object, with no member twice. */
export function jsonObject(text: string): Record<string, unknown> | null {
  // U+FFFD stands where the bytes were no UTF-8: two such texts could read the same.
  if (!text.startsWith('{') || text.includes('\ufffd') || isTooDeep(text)) return null;
  try {
    const parsed: Record<string, unknown> = JSON.parse(text);
    return hasDuplicateMembers(text, parsed) ? null : parsed;
  } catch {
    return null;
  }
}

/** Counts opening brackets without regard to strings: generous, and cheap for the tokens people really have. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  const brackets = text.match(/[[\]{}]/g) ?? [];
  for (let i = 0; i < brackets.length; i++) {
    const bracket = brackets[i];
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}
