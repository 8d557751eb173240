import type { CachingField } from './caching-field.ts';
import type { FreshnessInput, OriginWarning } from './freshness-decision.ts';

/** What an origin did that had to be handled for it: for the log, so that somebody fixes the origin. */
export function originWarnings(
  { headers, lane, shared, status }: FreshnessInput,
  { directives, name, targeted }: CachingField,
): readonly OriginWarning[] {
  const notes: OriginWarning[] = [];
  const add = (present: boolean, note: OriginWarning) => {
    if (present) notes.push(note);
  };
  add(headers.has('set-cookie'), 'set-cookie');
  add(directives.malformed, 'malformed-cache-control');
  add(lane === 'scoped' && !shared && !targeted && directives.has('public'), 'public-on-personal');
  add(
    lane === 'public' && status < 400 && name === 'cache-control' && directives.has('private'),
    'private-on-public',
  );
  add(
    headers.has('content-encoding') &&
      !/(?:^|[\s,])accept-encoding(?:$|[\s,])/i.test(headers.get('vary') ?? ''),
    'missing-vary-accept-encoding',
  );
  add(directives.has('no-store') && (directives.seconds('max-age') ?? 0) > 0, 'contradictory-cache-control');
  return notes;
}
