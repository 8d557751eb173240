import type { CoreCachePort } from '../../platform/core-cache-port.ts';

/** Until the platform ends the request that has timed out, and the requests that wait for it go on: see docs/how-to/origins.md. */
const SILENCE_MS = 10_000;

/** Notes that an origin has kept the first who asked for a key waiting for too long. */
export function noteSilence(core: CoreCachePort, cacheKey: string): void {
  core
    .insert(markOf(cacheKey), null, {
      maxAgeMs: SILENCE_MS,
      initialAgeMs: 0,
      staleWhileRevalidateMs: 0,
      surrogateKeys: [],
      vary: [],
      metadata: 's',
      lengthBytes: 0,
    })
    .close();
}

export function isSilent(core: CoreCachePort, cacheKey: string): boolean {
  const mark = core.lookup(markOf(cacheKey));
  const isNoted = mark?.found === true && mark.usable;
  mark?.close();
  return isNoted;
}

function markOf(cacheKey: string): string {
  return `claimcache-silent:${cacheKey}`;
}

/** Whoever is woken behind a request that timed out asks alone, and not one after the other. */
export class OriginSilent extends Error {
  override readonly name = 'OriginSilent';
}
