import type { Answers, Note } from '../draft.ts';
import { descend, itemsOf, secondsAt, type Tree } from '../source-tree.ts';
import type { Behaviour } from './behaviour.ts';

/** Access rules that no policy has. A route that they stood before must not be reached without them. */
export function guardOf({ functions, needsSignature }: Behaviour, { without }: Answers): string | undefined {
  if (needsSignature && !without.has('signatures'))
    return 'signed URLs or cookies were asked for here, and nothing of a policy checks them. Protect the paths by a scope or at the origin; if that is done, import with --without signatures.';
  const before = functions.filter((text) => /^viewer-request/.test(text));
  if (before.length > 0 && !without.has('functions'))
    return `a function ran before the cache here (${before.join(', ')}). If it decided who may see these pages or rewrote their URLs, do that in handlers.ts or at the origin; if that is done, import with --without functions.`;
  return undefined;
}

export function besideTheKey({ glob, line, methods, functions }: Behaviour): readonly Note[] {
  const notes: Note[] = functions.map((text) => ({
    kind: 'not-carried',
    line,
    text: `${glob}: the function at ${text}.`,
  }));
  if (methods.length > 0 && !methods.includes('POST'))
    notes.push({
      kind: 'changed',
      line,
      text: `${glob}: CloudFront refused POST, PUT, PATCH and DELETE; here they pass to the origin.`,
    });
  return notes;
}

export function httpsOf(behaviours: readonly Behaviour[], notes: Note[]): 'redirect' | 'require' | undefined {
  const said = new Set(behaviours.map(({ protocol }) => protocol));
  const line = behaviours.at(-1)?.line ?? 0;
  if (said.size === 1 && said.has('https-only')) {
    notes.push({ kind: 'done', line, text: 'https-only: https: require.' });
    return 'require';
  }
  if (said.has('redirect-to-https') || said.has('https-only')) {
    notes.push({
      kind: said.size === 1 ? 'done' : 'changed',
      line,
      text:
        said.size === 1
          ? 'redirect-to-https: https: redirect.'
          : 'https: redirect holds for all paths; some behaviours took plain HTTP, or refused it.',
    });
    return 'redirect';
  }
  return undefined;
}

/** For how long errors are kept: the smallest that is said for a status. */
export function negativeTtl(config: Tree): Readonly<Record<number, number>> | null {
  const found: Record<number, number> = {};
  for (const item of itemsOf(descend(config, 'CustomErrorResponses', 'Items'))) {
    const code = secondsAt(item, 'ErrorCode');
    const ttl = secondsAt(item, 'ErrorCachingMinTTL');
    if (code !== undefined && ttl !== undefined && ttl > 0 && code >= 400 && code <= 599) found[code] = ttl;
  }
  return Object.keys(found).length === 0 ? null : found;
}
