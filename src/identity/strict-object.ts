import { hasDuplicateMembers } from './json-members.ts';

/** Deep nesting overflows the stack of a recursive walk long before it is a token anybody would issue. */
const MAX_NESTING = 32;

/** A JSON object that everybody reads alike: no member named twice, no broken UTF-8, not nested without end. null: it is none. */
export function strictObject(text: string): Record<string, unknown> | null {
  // U+FFFD stands where the bytes were no UTF-8: two such texts could read the same.
  if (!text.startsWith('{') || text.includes('\ufffd') || isTooDeep(text)) return null;
  try {
    const parsed: Record<string, unknown> = JSON.parse(text);
    return hasDuplicateMembers(text, parsed) ? null : parsed;
  } catch {
    return null;
  }
}

/** Counts opening brackets without regard to strings: generous, and cheap for what people really have. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}
