import { asEdgeError, EdgeError } from '../../errors.ts';
import { decodePercent } from '../../http/percent.ts';
import type { RequestFacts } from '../../lanes/request-facts.ts';
import type { ErrorHandler, HandlerContext, MatchedHandler } from './create-handlers.ts';
import { guard, type OfLanes } from './guard.ts';

/** What the lanes answer, with what they know of it. */
type LanesAnswer = { readonly response: Response };

export interface HandlerRun<Lanes extends LanesAnswer> {
  readonly handlers: readonly MatchedHandler[];
  readonly onError: ErrorHandler | null;
  readonly facts: RequestFacts;
  readonly request: Request;
  /** What stands below it is answered before any handler: no rewrite leads there. */
  readonly operatorPrefix: string;
  /** The lanes, for the target that the handlers have left. Never rejects. */
  readonly lanes: (target: string) => Promise<Lanes>;
  /** The page for what nobody handles. */
  readonly problem: (error: EdgeError) => Response;
}

export interface HandlerOutcome<Lanes> {
  readonly response: Response;
  /** What the lanes said; null: a handler answered, and no lane was asked. */
  readonly lanes: Lanes | null;
  /** What a handler has thrown, and nobody handled. */
  readonly error: EdgeError | null;
}

/**
 * Runs the handlers in order, the lanes last. What a handler answers on its own is nobody else's unless it says so; and no
 * handler can make an answer of the lanes public that was private. What a handler throws is an answer too, so that one before it
 * can still set its headers. Never rejects.
 */
export async function runHandlers<Lanes extends LanesAnswer>(
  run: HandlerRun<Lanes>,
): Promise<HandlerOutcome<Lanes>> {
  const { handlers, onError, facts } = run;
  let target = facts.query === '' ? facts.path : `${facts.path}?${facts.query}`;
  let ofLanes = null as OfLanes | null;
  let lanes = null as Lanes | null;
  let unhandledError = null as EdgeError | null;

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
      if (leadsBelow(run.operatorPrefix, next)) {
        const why = `a rewrite cannot lead to ${run.operatorPrefix}: what stands there is the service's own`;
        throw new EdgeError('ERR_INTERNAL', { cause: new Error(why) });
      }
      target = next;
    },
  });

  async function from(index: number): Promise<Response> {
    const matched = handlers[index];
    if (matched === undefined) {
      lanes = await run.lanes(target);
      const { response } = lanes;
      const { headers } = response;
      ofLanes = {
        response,
        cacheControl: headers.get('cache-control'),
        vary: headers.get('vary'),
        contentLength: headers.get('content-length'),
      };
      return response;
    }
    const context = contextOf(matched.params);
    let following: Promise<Response> | null = null;
    const next = () => {
      following ??= from(index + 1);
      return following;
    };
    try {
      return responseOf((await matched.handler(context, next)) ?? (await next()));
    } catch (error) {
      return failed(error, context);
    }
  }

  async function failed(error: unknown, context: HandlerContext): Promise<Response> {
    let unhandled = error;
    try {
      if (onError !== null) return responseOf(await onError(error, context));
    } catch (another) {
      unhandled = another;
    }
    unhandledError = asEdgeError(unhandled);
    return run.problem(unhandledError);
  }

  const answer = await from(0);
  // The headers of a response made by `Response.redirect` cannot be changed; those of the lanes can, and a copy would lose the length.
  const response =
    answer === ofLanes?.response
      ? answer
      : new Response(answer.body, { status: answer.status, headers: new Headers(answer.headers) });
  guard(response, ofLanes, answer === ofLanes?.response);
  if (ofLanes === null) response.headers.set('x-cache', unhandledError === null ? 'BYPASS' : 'ERROR');
  return { response, lanes, error: unhandledError };
}

/** Of a string, say, the platform would make an empty 200. */
function responseOf(answer: unknown): Response {
  if (answer instanceof Response) return answer;
  throw new EdgeError('ERR_INTERNAL', { cause: new Error('a handler answers with a Response, or hands on') });
}

/** Whether a target lies at or below a prefix of one segment, such as `/.edge/`, as any origin may read it. */
function leadsBelow(prefix: string, target: string): boolean {
  let path = target.split('?', 1)[0] ?? '';
  for (let i = 0; i < 3 && path.includes('%'); i++) path = decodePercent(path);
  const first =
    path
      .toLowerCase()
      .split(/[/\\]+/)
      .find((segment) => segment !== '') ?? '';
  const name = prefix.replaceAll('/', '');
  return first.startsWith(name) && !/[a-z0-9_~-]/.test(first[name.length] ?? '');
}
