import type { ReadonlyFields } from '../http/fields.ts';
import { WITHOUT_CONTENT } from '../http/without-content.ts';
import type { Platform } from '../platform/platform.ts';
import { memoryCache } from './memory-cache.ts';

/** The world as a test wants it: an origin that says `page`, one secret for everything, nothing that limits. */
export function memoryPlatform(changes: Partial<Platform> = {}): Platform {
  return {
    nowMs: () => Date.now(),
    fetchOrigin: async () =>
      new Response('page', { headers: { 'cache-control': 'max-age=60', 'content-length': '4' } }),
    respond,
    // There is no backend that could answer.
    handOff: () => new Response(null, { status: 204 }),
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
    hostOverride: () => null,
    backendHealth: () => 'unknown',
    purge: () => {},
    log: () => {},
    ...changes,
  };
}

/** Statuses with which a `Response` takes no body, not even an empty one. */

/** As on the platform: bytes have the length that they have, a stream the one that was announced, and what has no body has none. */
function respond(
  status: number,
  fields: ReadonlyFields,
  body: Uint8Array | ReadableStream<Uint8Array> | null,
): Response {
  const headers = new Headers([...fields]);
  const hasBody = !WITHOUT_CONTENT.has(status);
  const announced = headers.get('content-length');
  if (!hasBody || (announced !== null && !/^\d{1,15}$/.test(announced))) headers.delete('content-length');
  if (hasBody && body instanceof Uint8Array) headers.set('content-length', String(body.byteLength));
  return new Response(hasBody ? (body as BodyInit | null) : null, { status, headers });
}

export const SECRET = 'a-secret-of-thirty-two-bytes-at-least';
