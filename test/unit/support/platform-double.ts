import type { Platform } from '../../../src/types/platform.ts';
import { coreCacheDouble } from './core-cache-double.ts';

/** The world as a test wants it: an origin that says `page`, one secret for everything, nothing that limits. */
export function platformDouble(changes: Partial<Platform> = {}): Platform {
  return {
    nowMs: () => Date.now(),
    fetchOrigin: async () =>
      new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } }),
    respond: (status, headers, body) => new Response(body as BodyInit, { status, headers: [...headers] }),
    coreCache: coreCacheDouble({ nowMs: 0 }).port,
    httpCache: null,
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
