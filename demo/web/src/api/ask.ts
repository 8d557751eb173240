import { type CacheFacts, cacheFacts, type ResponseLifetime, responseLifetime } from 'claimcache/client';

/** A response, with where it came from and for how long it may be used. */
export interface Answer<Body> {
  readonly body: Body;
  readonly facts: CacheFacts;
  readonly lifetime: ResponseLifetime;
}

export class AskError extends Error {
  override readonly name = 'AskError';
  readonly status: number;
  /** Where the refusal came from; undefined where nobody answered. */
  readonly facts: CacheFacts | undefined;

  /** @param status - 0 where nobody answered. */
  constructor(status: number, message: string, facts?: CacheFacts) {
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
  const durationMs = performance.now() - startedMs;
  const content = parsed(text);
  const { headers, ok, status } = response;
  const facts = cacheFacts(headers, durationMs, isFromBrowser(response.url, startedMs));
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

/** Whether the browser answered from its own cache. Where it does not tell, the headers speak, of an older request perhaps. */
function isFromBrowser(url: string, startedMs: number): boolean {
  const timing = performance
    .getEntriesByName(url, 'resource')
    .filter(({ startTime }) => startTime >= startedMs)
    .at(-1) as (PerformanceResourceTiming & { readonly deliveryType?: string }) | undefined;
  // After a 304 the body comes from there too, but the edge was asked: then bytes were transferred.
  return timing?.deliveryType === 'cache' && timing.transferSize === 0;
}
