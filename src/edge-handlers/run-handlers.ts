import { EdgeError } from '../errors.ts';
import type { RequestFacts } from '../types.ts';
import type { ErrorHandler, HandlerContext, MatchedHandler } from './create-edge.ts';

const NO_STORE = 'private, no-store, max-age=0';

export interface HandlerRun {
  readonly handlers: readonly MatchedHandler[];
  readonly onError: ErrorHandler | null;
  readonly facts: RequestFacts;
  readonly request: Request;
  /** The lanes, for the target that the handlers have left. Never rejects. */
  readonly lanes: (target: string) => Promise<Response>;
}

export interface HandlerOutcome {
  readonly response: Response;
  /** false: a handler answered, and no lane was asked. */
  readonly reachedLanes: boolean;
}

/**
 * Runs the handlers in order, the lanes last. What a handler answers on its own is nobody else's unless it says so; and no
 * handler can make an answer of the lanes public that was private.
 *
 * @throws what a handler throws, where there is no error handler; {@link EdgeError} ERR_INTERNAL for a rewrite that is no path.
 */
export async function runHandlers(run: HandlerRun): Promise<HandlerOutcome> {
  const { handlers, onError, facts } = run;
  let target = facts.query === '' ? facts.path : `${facts.path}?${facts.query}`;
  let ofLanes: string | null | undefined;

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
      ofLanes = response.headers.get('cache-control');
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
      if (onError === null) throw error;
      return onError(error, context);
    }
  }

  const answer = await from(0);
  // The headers of a response made by `Response.redirect` cannot be changed.
  const response = new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) });
  guard(response.headers, ofLanes);
  return { response, reachedLanes: ofLanes !== undefined };
}

function guard(headers: Headers, ofLanes: string | null | undefined): void {
  const said = headers.get('cache-control');
  if (ofLanes === undefined) {
    if (said === null) headers.set('cache-control', NO_STORE);
    headers.set('x-cache', 'BYPASS');
    return;
  }
  const wasPrivate = /(?:^|[\s,])(?:private|no-store)(?:$|[\s,=])/i.test(ofLanes ?? '');
  const isPrivate =
    /(?:^|[\s,])(?:private|no-store)(?:$|[\s,=])/i.test(said ?? '') && !/public|s-maxage/i.test(said ?? '');
  if (wasPrivate && !isPrivate) {
    headers.set('cache-control', ofLanes ?? NO_STORE);
    for (const name of ['surrogate-control', 'cdn-cache-control', 'expires']) headers.delete(name);
  }
}
