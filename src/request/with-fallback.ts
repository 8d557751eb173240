import { NO_COOKIES } from '../http/cookies.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';
import { within } from '../platform/deadline.ts';
import type { FallbackPage } from '../policy/fallback-page-rule.ts';
import type { Answer } from './answer.ts';
import { fallbackAnswer, wantsPage } from './fallback-page.ts';
import { findPlanned } from './fetch-planned.ts';
import type { Plan } from './planned-request.ts';
import { respond } from './respond.ts';
import type { RequestState, Service } from './service.ts';

/** A visitor has waited long enough for the page that failed. */
const PAGE_TIMEOUT_MS = 2000;

type Page = Parameters<typeof fallbackAnswer>[2];

/** Where the origin has failed a browser is shown the policy's page instead. Data that a program asked for is left alone. */
export function withFallback(
  service: Service,
  state: RequestState,
  plan: Plan,
  answer: Answer,
): Answer | Promise<Answer> {
  const { fallbackPage } = plan.path.route;
  if (fallbackPage === null || !isFailureOfOrigin(plan, answer) || !wantsPage(plan.facts)) return answer;
  return inItsPlace(answer, plan.facts.method, pageOf(service, state, plan, fallbackPage));
}

async function inItsPlace(answer: Answer, method: string, pending: Promise<Page | null>): Promise<Answer> {
  const page = await pending;
  if (page === null) return answer;
  const { response, error, log } = answer;
  response.body?.cancel().catch(() => {});
  const retryAfter = error === null ? response.headers.get('retry-after') : null;
  const shown = fallbackAnswer(method, response.status, page, retryAfter);
  return { ...answer, response: shown, log: [...log, { detail: 'fallback-page' }] };
}

function isFailureOfOrigin(plan: Plan, { error, response }: Answer): boolean {
  if (error !== null) return error.code.startsWith('ERR_ORIGIN_');
  // An editor is better served by what the origin itself says of its fault.
  return response.status >= 500 && !(plan.lane === 'pass' && plan.authenticated);
}

async function pageOf(
  service: Service,
  state: RequestState,
  plan: Plan,
  page: FallbackPage,
): Promise<Page | null> {
  if (page.kind === 'html') return { body: page.html, contentType: 'text/html; charset=utf-8' };
  try {
    return await within(fetchPage(service, state, plan, page.path), PAGE_TIMEOUT_MS);
  } catch {
    return null;
  }
}

/** The page as anybody would get it: public, from the cache where it is there, fresh or stale. The log is not about it. */
async function fetchPage(
  service: Service,
  state: RequestState,
  { facts, switches }: Plan,
  path: string,
): Promise<Page | null> {
  const plan = await service.plan({
    client: { address: null, isCounted: false },
    facts: pageRequest(facts, path),
    switches,
    readBody: async () => null,
  });
  if (plan.lane !== 'public') return null;
  const found = await findPlanned(service, state, plan);
  if (found === null) return null;
  const { response, error } = await respond(service, state.context.requestId, plan, found);
  const { status, headers, body } = response;
  const contentType = headers.get('content-type') ?? '';
  // Packed, though nobody asked for it: the page would go out without that word.
  const isPlain = !headers.has('content-encoding');
  const isPage = error === null && status === 200 && isPlain && /^text\/html\b/i.test(contentType);
  if (isPage && body !== null) return { body, contentType };
  body?.cancel().catch(() => {});
  return null;
}

function pageRequest({ scheme, host }: RequestFacts, path: string): RequestFacts {
  const headers = new HeaderFields([['host', host]]);
  const plain = { hasBody: false, ambiguousTarget: false, operation: null, cookies: NO_COOKIES };
  return { method: 'GET', scheme, host, path, query: '', headers, ...plain };
}
