/** A claim path, split: `tenant.id` is `['tenant', 'id']`. */
export type ClaimPath = readonly string[];

/** What a claim is compared with. */
export type ClaimValue = string | number | boolean;

/** What fills one place of a scope: a value, or a set of them in their one order. */
export type ScopeValue = ClaimValue | readonly ClaimValue[];

/**
 * Splits a claim path at its dots. `\.` is a dot inside a name and `\\` a backslash, so
 * `https://acme\.example/org.id` is `['https://acme.example/org', 'id']`.
 *
 * @returns null where the path is empty, has an empty part, or ends in a lone backslash.
 */
export function parseClaimPath(text: string): ClaimPath | null {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '\\') {
      const next = text[++i];
      if (next !== '.' && next !== '\\') return null;
      part += next;
    } else if (char === '.') {
      parts.push(part);
      part = '';
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts.every((name) => name.length > 0) ? parts : null;
}

/** The inverse of {@link parseClaimPath}: the one spelling of a path. */
export function formatClaimPath(path: ClaimPath): string {
  return path.map((name) => name.replaceAll('\\', '\\\\').replaceAll('.', '\\.')).join('.');
}
