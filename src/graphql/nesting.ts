/** A bracket, or what must be skipped because brackets in it are text: block strings, strings, comments. */
export const TOKENS = /"""(?:[^"\\]|\\"""|\\|"(?!""))*(?:"""|$)|"(?:[^"\\\n\r]|\\.)*"?|#[^\n\r]*|[{}()[\]]/g;

/**
 * Whether a document nests deeper than `limit`, or has more than `tokens` of brackets, strings and comments. Asked before it is
 * parsed: the parser calls itself for each level, and a document of brackets alone would end its stack.
 */
export function nestsDeeper(text: string, limit: number, tokens: number): boolean {
  let depth = 0;
  let count = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    count += 1;
    if (count > tokens) return true;
    if (token === '{' || token === '(' || token === '[') {
      depth += 1;
      if (depth > limit) return true;
    } else if (token === '}' || token === ')' || token === ']') depth -= 1;
  }
  return false;
}
