/** A pattern of names, taken apart at its stars: `sb-*-token` is `['sb-', '-token']`. */
export type Glob = readonly string[];

/** Names of cookies or query parameters: exact ones, and patterns. */
export interface NamePatterns {
  readonly names: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

/**
 * Whether a name is one that a policy means: `*` stands for any run of characters, none too, as often as it is
 * written; everything else stands for itself, in upper or lower case as written. A pattern without a star is one name.
 *
 * @example
 * matchesName('sb-*-auth-token', 'sb-abcd-auth-token'); // true
 */
export function matchesName(pattern: string, name: string): boolean {
  return matchesGlob(pattern.split('*'), name);
}

/** {@link matchesName}, of a pattern that was taken apart while the policy was compiled. In linear time, whatever the name. */
export function matchesGlob(glob: Glob, name: string): boolean {
  const last = glob.length - 1;
  const first = glob[0] ?? '';
  if (last <= 0) return name === first;
  const suffix = glob[last] ?? '';
  const end = name.length - suffix.length;
  let at = first.length;
  // `ab*ba` is not `aba`: what the prefix has taken is not there for the suffix.
  if (at > end || !name.startsWith(first) || !name.endsWith(suffix)) return false;
  for (let i = 1; i < last; i++) {
    const part = glob[i] ?? '';
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
    if (at > end) return false;
  }
  return true;
}

/** Whether one of the exact names or one of the patterns means this name. */
export function includesName({ names, globs }: NamePatterns, name: string): boolean {
  if (names.has(name)) return true;
  return globs.some((glob) => matchesGlob(glob, name));
}
