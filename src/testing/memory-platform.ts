import type { Platform } from '../types/platform.ts';
import { memoryCache } from './memory-cache.ts';

/** The world as a test wants it: an origin that says `page`, one secret for everything, nothing that limits. */
export function memoryPlatform(changes: Partial<Platform> = {}): Platform {
  return {
    nowMs: () => Date.now(),
    fetchOrigin: async () =>
      new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } }),
    respond: (status, headers, body) => new Response(body as BodyInit, { status, headers: [...headers] }),
    coreCache: memoryCache({ nowMs: 0 }).port,
    httpCache: null,
    cutOff: () => {},
    hasHttpCache: () => false,
    hasLocalCache: () => false,
    secret: async () => SECRET,
    config: () => () => null,
    readKv: async () => null,
    writeKv: async () => {},
    limiter: () => ({ isBlocked: () => false, count: () => false }),
    country: () => null,
    device: () => null,
    shieldSite: () => null,
    backendHealth: () => 'unknown',
    purge: () => {},
    log: () => {},
    ...changes,
  };
}

export const SECRET = 'a-secret-of-thirty-two-bytes-at-least';
