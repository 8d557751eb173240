import { EdgeError } from '../errors.ts';
import { NO_STORE } from '../http/no-store.ts';
import { addVary } from '../http/vary.ts';
import type { RequestFacts } from '../types/decision.ts';
import type { ErrorHandler, HandlerContext, MatchedHandler } from './create-handlers.ts';

export interface HandlerRun {
  readonly handlers: readonly MatchedHandler[];
  readonly onError: ErrorHandler | null;
  readonly facts: RequestFacts;
  readonly request: Request;
  /** The lanes, for the target that the handlers have left. Never rejects. */
  readonly lanes: (target: string) => Promise<Response>;
  /** The answer to what nobody handles. */
  readonly failed: (error: unknown) => Response;
}

export interface HandlerOutcome {
  readonly response: Response;
  /** false: a handler answered, and no lane was asked. */
  readonly reachedLanes: boolean;
}

/** What the lanes said of who may keep their answer, before a handler could change it. */
interface OfLanes {
  readonly response: Response;
  readonly cacheControl: string | null;
  readonly vary: string | null;
}

/**
 * Runs the handlers in order, the lanes last. What a handler answers on its own is nobody else's unless it says so; and no
 * handler can make an answer of the lanes public that was private. What a handler throws is an answer too, so that one before it
 * can still set its headers. Never rejects.
 */
export async function runHandlers(run: HandlerRun): Promise<HandlerOutcome> {
  const { handlers, onError, facts } = run;
  let target = facts.query === '' ? facts.path : `${facts.path}?${facts.query}`;
  let ofLanes = null as OfLanes | null;
  let hasFailed = false;

  const contextOf = (params: HandlerContext['params']): HandlerContext => ({
    method: facts.method,
    get path() {
      return target.split('?', 1)[0] ?? '/';
    },
    get query() {
      return new URLSearchParams(target.slice(target.split('?', 1)[0]?.length));
    },
    params,
    headers: new Headers([...facts.headers]),
    request: run.request,
    rewrite(next) {
      if (!next.startsWith('/') || next.startsWith('//') || /[#\s]/.test(next)) {
        throw new EdgeError('ERR_INTERNAL', { cause: new Error('a rewrite needs a path: /new?query') });
      }
      target = next;
    },
  });

  async function from(index: number): Promise<Response> {
    const matched = handlers[index];
    if (matched === undefined) {
      const response = await run.lanes(target);
      const { headers } = response;
      ofLanes = { response, cacheControl: headers.get('cache-control'), vary: headers.get('vary') };
      return response;
    }
    const context = contextOf(matched.params);
    let following: Promise<Response> | null = null;
    const next = () => {
      following ??= from(index + 1);
      return following;
    };
    try {
      return (await matched.handler(context, next)) ?? (await next());
    } catch (error) {
      return failed(error, context);
    }
  }

  async function failed(error: unknown, context: HandlerContext): Promise<Response> {
    let unhandled = error;
    try {
      if (onError !== null) return await onError(error, context);
    } catch (another) {
      unhandled = another;
    }
    hasFailed = true;
    return run.failed(unhandled);
  }

  const answer = await from(0);
  // The headers of a response made by `Response.redirect` cannot be changed; those of the lanes can, and a copy would lose the length.
  const response =
    answer === ofLanes?.response
      ? answer
      : new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) });
  guard(response.headers, ofLanes);
  if (ofLanes === null) response.headers.set('x-cache', hasFailed ? 'ERROR' : 'BYPASS');
  return { response, reachedLanes: ofLanes !== null };
}

/** Fields that speak to a cache in front of the edge, whatever `Cache-Control` says beside them. */
const TARGETED = /^(?:surrogate-control|(?:.+-)?cdn-cache-control)$/;
const PRIVATE = /(?:^|[\s,])(?:private|no-store)(?:$|[\s,=])/i;

function guard(headers: Headers, ofLanes: OfLanes | null): void {
  const said = headers.get('cache-control');
  if (ofLanes === null) {
    if (said === null) headers.set('cache-control', NO_STORE);
    return;
  }
  if (!PRIVATE.test(ofLanes.cacheControl ?? '')) return;
  for (const name of [...headers.keys()]) if (TARGETED.test(name)) headers.delete(name);
  // What a browser may keep of one user it must not show to the next on the same machine.
  if (ofLanes.vary !== null)
    addVary(
      headers,
      ofLanes.vary.split(',').map((name) => name.trim()),
    );
  if (!PRIVATE.test(said ?? '') || /public|s-maxage/i.test(said ?? '')) {
    headers.set('cache-control', ofLanes.cacheControl ?? NO_STORE);
    headers.delete('expires');
  }
}
