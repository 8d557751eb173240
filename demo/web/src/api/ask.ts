import { type ResponseLifetime, responseLifetime } from 'claimcache/client';
import { type ResponseFacts, responseFacts } from './response-facts.ts';

/** A response, with where it came from and for how long it may be used. */
export interface Answer<Body> {
  readonly body: Body;
  readonly facts: ResponseFacts;
  readonly lifetime: ResponseLifetime;
}

export class AskError extends Error {
  override readonly name = 'AskError';
  readonly status: number;
  /** Where the refusal came from; undefined where nobody answered. */
  readonly facts: ResponseFacts | undefined;

  /** @param status - 0 where nobody answered. */
  constructor(status: number, message: string, facts?: ResponseFacts) {
    super(message);
    this.status = status;
    this.facts = facts;
  }
}

export interface AskOptions extends Pick<RequestInit, 'method' | 'cache' | 'credentials' | 'signal'> {
  /** Sent as JSON. */
  readonly body?: unknown;
}

/**
 * Asks this site for JSON. The session cookie goes with it unless `credentials` says `omit`.
 *
 * @throws {AskError} for every answer that is not a success, and where there is none.
 */
export async function ask<Body>(path: string, options: AskOptions = {}): Promise<Answer<Body>> {
  const { body, ...init } = options;
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const startedMs = performance.now();
  const response = await send(path, { ...init, ...json });
  const text = await response.text();
  const scriptMs = performance.now() - startedMs;
  const content = parsed(text);
  const { headers, ok, status } = response;
  const facts = responseFacts(headers, timingOf(response.url, startedMs), scriptMs);
  if (!ok) throw new AskError(status, explanation(content, status), facts);
  return { body: content as Body, facts, lifetime: responseLifetime(headers) };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new AskError(0, 'The service does not answer.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The service explains itself in problem details (RFC 9457), the demo origin in `error`. */
function explanation(content: unknown, status: number): string {
  const { title, error } = (content ?? {}) as { title?: unknown; error?: unknown };
  const text = title ?? error;
  return typeof text === 'string' ? text : `The answer was ${status}.`;
}

// A browser keeps 250 of them and no more unless it is told to.
performance.setResourceTimingBufferSize(10_000);

/** The browser's own timing of a request; undefined where it keeps none. Where it does not tell, the headers speak, of an older request perhaps. */
function timingOf(url: string, startedMs: number): PerformanceResourceTiming | undefined {
  return performance
    .getEntriesByName(url, 'resource')
    .filter(({ startTime }) => startTime >= startedMs)
    .at(-1) as PerformanceResourceTiming | undefined;
}
