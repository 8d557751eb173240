import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { cacheStatus } from '../../../../src/http/cache-status.ts';
import { NO_STORE } from '../../../../src/http/no-store.ts';

/** Response headers that follow from the line in the log, as they were sent. The log has no others. */
export function sentHeaders(line: RequestLine): readonly (readonly [name: string, value: string])[] {
  const { state, ageSeconds } = line;
  const status = cacheStatusOf(line);
  return [
    ['X-Cache', state],
    ...(status === null ? [] : [['Cache-Status', status] as const]),
    ...(state === 'ERROR' ? [['Cache-Control', NO_STORE] as const] : []),
    ...(state === 'BYPASS' || ageSeconds === undefined ? [] : [['Age', String(ageSeconds)] as const]),
  ];
}

/** null where the edge responds by itself: then it says nothing of a cache. */
function cacheStatusOf({ lane, state, reason, detail, ttlSeconds, originMs }: RequestLine): string | null {
  if (state === 'ERROR') return null;
  if (lane === 'pass') {
    return originMs === undefined
      ? null
      : cacheStatus({ state: 'BYPASS', detail: reason, ttlSeconds: 0, stored: false });
  }
  if ((lane !== 'public' && lane !== 'scoped') || ttlSeconds === undefined) return null;
  return cacheStatus({
    state,
    detail,
    ttlSeconds,
    stored: ttlSeconds > 0 && detail !== 'purged-meanwhile',
  });
}
