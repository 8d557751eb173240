import type { EdgeError } from '../errors.ts';
import { NO_COOKIES } from '../http/cookies.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { within } from '../origin/deadline.ts';
import type { Decision, RequestFacts, Switches } from '../types/decision.ts';
import type { FallbackPage } from '../types/policy.ts';
import { fallbackAnswer, wantsPage } from './fallback-page.ts';
import { serveCached } from './fetch-cached.ts';
import type { Judge } from './plan.ts';
import { asEdgeError } from './problem.ts';
import type { Passage, Service } from './service.ts';

/** A visitor has waited long enough for the page that failed. */
const PAGE_TIMEOUT_MS = 2000;

type Page = Parameters<typeof fallbackAnswer>[2];

/** Serves, and where the origin fails shows a browser the policy's page instead. Data that a program asked for is left alone. */
export async function withFallback(
  service: Service,
  judge: Judge,
  passage: Passage,
  decision: Decision,
  switches: Switches,
  page: FallbackPage,
  serve: () => Promise<Response>,
): Promise<Response> {
  const { facts, journal } = passage;
  let response: Response | null = null;
  let error: EdgeError | null = null;
  try {
    response = await serve();
    // An editor is better served by what the origin itself says of its fault.
    if (response.status < 500 || (decision.lane === 'pass' && decision.authenticated)) return response;
  } catch (cause) {
    error = asEdgeError(cause);
    if (!error.code.startsWith('ERR_ORIGIN_')) throw cause;
  }
  const shown = wantsPage(facts) ? await pageOf(service, judge, passage, switches, page) : null;
  if (shown === null) {
    if (response === null) throw error;
    return response;
  }
  if (error !== null) journal.failed(error);
  journal.note({ detail: 'fallback-page' });
  response?.body?.cancel().catch(() => {});
  const retryAfter = response?.headers.get('retry-after') ?? null;
  return fallbackAnswer(facts.method, error?.status ?? response?.status ?? 502, shown, retryAfter);
}

async function pageOf(
  service: Service,
  judge: Judge,
  passage: Passage,
  switches: Switches,
  page: FallbackPage,
): Promise<Page | null> {
  if (page.kind === 'html') return { body: page.html, contentType: 'text/html; charset=utf-8' };
  try {
    return await within(fetchPage(service, judge, passage, switches, page.path), PAGE_TIMEOUT_MS);
  } catch {
    return null;
  }
}

/** The page as anybody would get it: public, from the cache where it is there, fresh or stale. */
async function fetchPage(
  service: Service,
  judge: Judge,
  { context, facts: { host }, engine, journal }: Passage,
  switches: Switches,
  path: string,
): Promise<Page | null> {
  const facts: RequestFacts = {
    method: 'GET',
    host,
    path,
    query: '',
    headers: new HeaderFields([['host', host]]),
    cookies: NO_COOKIES,
    hasBody: false,
    ambiguousTarget: false,
    operation: null,
  };
  const { decision } = await judge.judgeRequest({
    client: { address: null, isCounted: false },
    facts,
    path: service.router.judgedAs(path),
    switches,
    note() {},
    readBody: async () => null,
  });
  if (decision.lane !== 'public' || engine === null) return null;
  // The line of the log is about the page that failed.
  const silent = { ...journal, note() {}, failed() {} };
  const passage = { context, facts, identity: null, body: null, engine, journal: silent };
  const { status, headers, body } = await serveCached(service, passage, decision, engine);
  const contentType = headers.get('content-type') ?? '';
  // Packed, though nobody asked for it: the page would go out without that word.
  const isPlain = !headers.has('content-encoding');
  if (status !== 200 || body === null || !isPlain || !/^text\/html\b/i.test(contentType)) {
    body?.cancel().catch(() => {});
    return null;
  }
  return { body, contentType };
}
