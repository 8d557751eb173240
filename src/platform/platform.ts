import type { ReadonlyFields } from '../http/fields.ts';
import type { RateRule } from '../policy/rate-limits.ts';
import type { CoreCachePort } from './core-cache-port.ts';
import type { HttpCachePort } from './http-cache-port.ts';
import type { OriginRequest } from './origin-request.ts';

/** What the service needs of the world. `fastly/` implements it on `fastly:*`, `testing/` in memory. */
export interface Platform {
  nowMs(): number;
  /** Straight to the origin, around every cache. Rejects when the origin cannot be reached or times out. */
  fetchOrigin(request: OriginRequest): Promise<Response>;
  /** The one place where an answer becomes a `Response`. A `Content-Length` is that of the body, or of what HEAD asks for. */
  respond(
    status: number,
    headers: ReadonlyFields,
    body: Uint8Array | ReadableStream<Uint8Array> | null,
  ): Response;
  /** Lets a backend answer a request for a WebSocket, as it came. What is returned has to be the response, unchanged. */
  handOff(request: Request, backend: string): Response;
  /**
   * Cuts the connections to clients whose bodies have failed on their way: this runtime leaves them open, and neither ends nor breaks
   * them, for as long as the sandbox lives. So it lives no longer than the request at hand.
   */
  cutOff(): void;
  readonly coreCache: CoreCachePort | null;
  readonly httpCache: HttpCachePort | null;
  /** false: the HTTP cache is known not to be there. */
  hasHttpCache(): boolean;
  /** The HTTP cache is the local readthrough cache, for development. */
  hasLocalCache(): boolean;
  /** null where the store or the item is missing. Rejects when a store is down. */
  secret(store: string, item: string): Promise<string | null>;
  /**
   * A Config Store as it was at most `CONFIG_MAX_AGE_MS` ago, for one request; null for an item that is missing, or where the store is. A
   * look-up that fails throws.
   */
  config(store: string): (item: string) => string | null;
  /** An item of a KV Store, or null. Rejects when the store is down or not linked. */
  readKv(store: string, key: string): Promise<string | null>;
  writeKv(store: string, key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Counts what clients do, under a rule's names. Never throws: where there is no limiter, nothing is limited. */
  limiter(rule: RateRule): ClientLimiter;
  /** ISO 3166-1 alpha-2 of an address, or null. */
  country(address: string): string | null;
  device(userAgent: string): 'desktop' | 'mobile' | 'tablet' | null;
  /** The backend that leads to a shield location; null on that location itself, or where there is none of that name. */
  shieldSite(site: string): string | null;
  /** The `Host` that the platform puts in the place of ours on requests to a backend; null: it leaves ours. */
  hostOverride(backend: string): string | null;
  /** What the platform's own health check says of a backend; asks nobody. */
  backendHealth(name: string): BackendHealth;
  purge(surrogateKey: string, soft: boolean): void;
  log(endpoint: string, line: string): void;
}

/** `unknown`: no health check is configured. `missing`: no such backend is. */
export type BackendHealth = 'healthy' | 'unhealthy' | 'unknown' | 'missing';

export interface ClientLimiter {
  /** This client is in the penalty box. */
  isBlocked(client: string): boolean;
  /** One more; true: that was one too many. */
  count(client: string): boolean;
}
