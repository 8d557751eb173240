import { addRoute, createRouter, findAllRoutes } from 'rou3';
import { normalPattern } from '../../paths/normal-pattern.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY'];

/** One request, as a handler of `handlers.ts` sees it. */
export interface HandlerContext {
  readonly method: string;
  /** Percent-encoded, in the normal form (RFC 3986 section 6.2.2); after a rewrite the new one. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of the handler's own pattern: `/old/:id` gives `{ id }`. */
  readonly params: Readonly<Record<string, string>>;
  /** Normalised: nothing that only the platform and the edge may set. */
  readonly headers: Headers;
  /**
   * The request itself, with its URL as it came, also with a token in the query. Who reads its body cannot send it on. `text()`, `json()`,
   * `arrayBuffer()`, `blob()` and `formData()`: 408 after `limits.bodyTimeoutMs`, 413 over 8 MiB, 400 if the body broke off. If you read
   * `request.body` as a stream, check these limits yourself.
   */
  readonly request: Request;
  /** What follows gets another path (and query). Verification and caching go by the new one. */
  rewrite(target: string): void;
}

/** The handlers that follow, and at last the lanes. Never rejects: an error is an answer. */
export type Next = () => Promise<Response>;

/** Answers, or hands on: with `return next()`, or by returning nothing. */
export type Handler = (
  context: HandlerContext,
  next: Next,
) => Response | undefined | Promise<Response | undefined>;
export type ErrorHandler = (error: unknown, context: HandlerContext) => Response | Promise<Response>;

interface Registered {
  readonly order: number;
  readonly handler: Handler;
}

export interface MatchedHandler {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/** What `handlers.ts` exports, as the service uses it. */
export interface EdgeHandlers {
  /** In the order of registration; empty for most requests. */
  match(method: string, path: string): readonly MatchedHandler[];
  readonly onError: ErrorHandler | null;
}

type Register = (pattern: string, handler: Handler) => Handlers;

/** In the manner of Express: methods, patterns, order. Patterns are those of the policy's routes. */
export interface Handlers extends EdgeHandlers {
  /** Every request, or those of a pattern. */
  use(handler: Handler): Handlers;
  use(pattern: string, handler: Handler): Handlers;
  readonly all: Register;
  /** HEAD too. */
  readonly get: Register;
  readonly head: Register;
  readonly post: Register;
  readonly put: Register;
  readonly patch: Register;
  readonly delete: Register;
  readonly options: Register;
  /** One for all: what a handler throws. Without it, 500 as problem details. */
  error(handler: ErrorHandler): Handlers;
}

/**
 * Routes of your own, before the lanes: empty at first. The matcher is built while the service is: a path that matches nothing pays one look-up.
 * Order: `/.edge/` and HTTPS, the handlers in order of registration, the lanes.
 *
 * - A handler's own response gets `Cache-Control: private, no-store, max-age=0`, unless it sets another one.
 * - It cannot make a private response of the lanes public, neither for browsers nor for other caches (`CDN-Cache-Control`). Its `Vary` stays.
 *   `private="x"`, `no-store` with `must-understand`, and invalid fields do not count as private.
 * - It cannot set `Content-Length` or `Transfer-Encoding`.
 * - It gets 500 if it returns something else than a `Response`, reads the body of `request` and then calls `next()`, or rewrites to `/.edge/`.
 *   The log has the `cause`.
 *
 * @example
 * const handlers = createHandlers();
 *
 * handlers.get('/old/:id', ({ params }) => new Response(null, { status: 301, headers: { location: `/new/${params.id}` } }));
 */
export function createHandlers(): Handlers {
  const tree = createRouter<Registered>();
  let count = 0;
  let onError: ErrorHandler | null = null;

  // A pattern's handlers for a method would hide those for any method: so "any" is every method by name.
  const register =
    (...methods: readonly string[]): Register =>
    (pattern, handler) => {
      const registered = { order: count++, handler };
      for (const method of methods) addRoute(tree, method, normalPattern(pattern), registered);
      return handlers;
    };
  const any = register(...METHODS);
  const handlers: Handlers = {
    use(first: string | Handler, handler?: Handler) {
      return typeof first === 'string' && handler !== undefined
        ? any(first, handler)
        : any('/**', first as Handler);
    },
    all: any,
    get: register('GET', 'HEAD'),
    head: register('HEAD'),
    post: register('POST'),
    put: register('PUT'),
    patch: register('PATCH'),
    delete: register('DELETE'),
    options: register('OPTIONS'),
    error(handler) {
      onError = handler;
      return handlers;
    },
    match(method, path) {
      if (count === 0) return [];
      return findAllRoutes(tree, method, path)
        .toSorted((a, b) => a.data.order - b.data.order)
        .map(({ data, params }) => ({ handler: data.handler, params: params ?? {} }));
    },
    get onError() {
      return onError;
    },
  };
  return handlers;
}
