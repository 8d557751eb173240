/** What an answer says of its own caching, in `extensions.cacheControl`. */
export interface CacheHints {
  /** The smallest `maxAge`, in seconds; null: there is none. */
  readonly maxSeconds: number | null;
  /** A part of it is one person's. */
  readonly isPrivate: boolean;
}

const NO_HINTS: CacheHints = { maxSeconds: null, isPrivate: false };

/**
 * Reads `{ extensions: { cacheControl: { version: 1, hints: [{ path, maxAge, scope }] } } }`, as Apollo Server writes it. The smallest
 * counts, and one `PRIVATE` makes all of it private. null: there is something else in that place, which may forbid to store.
 *
 * Source: https://github.com/apollographql/apollo-cache-control
 */
export function cacheHints(answer: object): CacheHints | null {
  const said = member(member(answer, 'extensions'), 'cacheControl');
  if (said === undefined || said === null) return NO_HINTS;
  const hints = member(said, 'hints');
  if (member(said, 'version') !== 1 || !Array.isArray(hints)) return null;
  let maxSeconds: number | null = null;
  let isPrivate = false;
  for (const hint of hints) {
    if (typeof hint !== 'object' || hint === null) return null;
    const maxAge = member(hint, 'maxAge') ?? null;
    const scope = member(hint, 'scope') ?? 'PUBLIC';
    if (scope !== 'PUBLIC' && scope !== 'PRIVATE') return null;
    if (scope === 'PRIVATE') isPrivate = true;
    if (maxAge === null) continue;
    if (typeof maxAge !== 'number' || !(maxAge >= 0)) return null;
    maxSeconds = Math.min(maxSeconds ?? maxAge, maxAge);
  }
  return { maxSeconds, isPrivate };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
