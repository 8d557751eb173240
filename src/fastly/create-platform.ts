import { Backend } from 'fastly:backend';
import { CacheOverride } from 'fastly:cache-override';
import { purgeSurrogateKey } from 'fastly:compute';
import { KVStore } from 'fastly:kv-store';
import { Logger } from 'fastly:logger';
import { SecretStore } from 'fastly:secret-store';
import { Shield } from 'fastly:shielding';
import { createWebsocketHandoff } from 'fastly:websocket';
import type { ReadonlyFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { WITHOUT_CONTENT } from '../http/without-content.ts';
import type { Platform } from '../platform/platform.ts';
import { createConfigStores } from './config-stores.ts';
import { createCoreCache } from './core-cache.ts';
import { countryOf, deviceOf } from './country-and-device.ts';
import { createHttpCache } from './http-cache.ts';
import { hasHttpCache, hasLocalCache } from './http-cache-presence.ts';
import { createLimiter } from './limiter.ts';

/** How long a secret is kept in a reused sandbox: a rotated one is in force everywhere after that. */
const SECRET_TTL_MS = 30_000;

const AFTER_ANY_REQUEST_MS = 600_000;

/** The world, on `fastly:*`. It is made while the service is being built, when none of it exists yet: only its functions ask for it. */
export function createPlatform(): Platform {
  const secrets = new Map<string, { readAtMs: number; value: string | null }>();
  const loggers = new Map<string, Logger>();
  /** A sandbox stays where it is, and a backend can be made once. */
  const shields = new Map<string, string | null>();

  return {
    nowMs: () => Date.now(),
    coreCache: createCoreCache(),
    httpCache: createHttpCache(),
    hasHttpCache,
    hasLocalCache,

    async fetchOrigin(request) {
      const response = await fetch(request.url, {
        method: request.method,
        headers: pairsOf(request.headers),
        backend: request.backend,
        cacheOverride: new CacheOverride('pass'),
        ...(request.body === null ? {} : { body: request.body as BodyInit }),
      });
      return response;
    },

    respond(status, headers, body) {
      const hasContent = !WITHOUT_CONTENT.has(status);
      return new Response(hasContent ? (body as BodyInit | null) : null, {
        status,
        headers: hasContent ? pairsOf(headers) : withoutLength(headers),
        manualFramingHeaders: hasContent && announcesLength(headers, body),
      });
    },

    handOff: createWebsocketHandoff,

    // What is still waited for when a request is done ends the sandbox, and with it what it has left open.
    cutOff: () => void setTimeout(() => {}, AFTER_ANY_REQUEST_MS),

    async secret(store, item) {
      const id = `${store} ${item}`;
      const known = secrets.get(id);
      if (known !== undefined && Date.now() - known.readAtMs < SECRET_TTL_MS) return known.value;
      const value = await readSecret(store, item);
      secrets.set(id, { readAtMs: Date.now(), value });
      return value;
    },

    config: createConfigStores(),

    async readKv(store, key) {
      const entry = await new KVStore(store).get(key);
      return entry === null ? null : entry.text();
    },

    async writeKv(store, key, value, ttlSeconds) {
      await new KVStore(store).put(key, value, { ttl: ttlSeconds });
    },

    limiter: createLimiter,
    country: countryOf,
    device: deviceOf,

    shieldSite(site) {
      const known = shields.get(site);
      if (known !== undefined) return known;
      let backend: string | null = null;
      try {
        const shield = new Shield(site);
        backend = shield.runningOn() ? null : shield.encryptedBackend().name;
      } catch {
        // No location of that name: the origin is asked without a shield.
      }
      shields.set(site, backend);
      return backend;
    },

    hostOverride(backend) {
      try {
        return Backend.fromName(backend).hostOverride || null;
      } catch {
        return null;
      }
    },

    backendHealth(name) {
      try {
        return Backend.exists(name) ? Backend.fromName(name).health() : 'missing';
      } catch {
        return 'unknown';
      }
    },

    purge(key, soft) {
      // A purge goes through the cache entry by entry. A response may be inserted where it has been already, while the
      // sentinel that guards the response stands where it has yet to come: the second one finds what the first went past.
      purgeSurrogateKey(key, soft);
      purgeSurrogateKey(key, soft);
    },

    log(endpoint, line) {
      // What `fastly log-tail` shows; no endpoint of that name can exist.
      if (endpoint === 'stdout') return console.log(line);
      let logger = loggers.get(endpoint);
      if (logger === undefined) {
        logger = new Logger(endpoint);
        loggers.set(endpoint, logger);
      }
      logger.log(line);
    },
  };
}

/**
 * Whether the `Content-Length` of `headers` goes out. By itself the platform takes it from a stream, and a client cannot see then
 * that it was cut off. What Fastly is about to compress has another one.
 */
function announcesLength(headers: ReadonlyFields, body: unknown): boolean {
  if (body instanceof Uint8Array || headers.has('x-compress-hint')) return false;
  const length = headers.get('content-length');
  // `5, 5`, which the platform lets in, is no length to go out.
  return length !== null && /^\d{1,15}$/.test(length);
}

/** The length of what does not come: the client would take the next answer's beginning for it. */
function withoutLength(fields: ReadonlyFields): [string, string][] {
  return pairsOf(fields).filter(([name]) => name !== 'content-length');
}

function pairsOf(fields: ReadonlyFields): [string, string][] {
  return fields instanceof HeaderFields ? fields.pairs() : [...fields];
}

async function readSecret(store: string, item: string): Promise<string | null> {
  let opened: SecretStore;
  try {
    opened = new SecretStore(store);
  } catch {
    // No store of that name is linked to the service.
    return null;
  }
  const entry = await opened.get(item);
  return entry === null ? null : entry.plaintext();
}
