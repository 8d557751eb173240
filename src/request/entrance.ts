import { HEALTH_PATH, OPERATOR_PREFIX } from '../operator/paths.ts';
import type { RequestFacts, Switches } from '../types/decision.ts';
import type { Policy } from '../types/policy.ts';
import { type Answer, answerOf } from './answer.ts';
import type { EdgeHandlers, MatchedHandler } from './handlers/create-handlers.ts';
import { needsRedirect, redirectToHttps } from './https.ts';

/** Who answers a request, or has it first: what comes before the lanes. */
export type Entrance =
  | { readonly to: 'https' }
  | { readonly to: 'operator' }
  /** Handlers of the service's own, which may hand on to the lanes; often none. */
  | { readonly to: 'lanes'; readonly handlers: readonly MatchedHandler[] };

/** @throws {EdgeError} ERR_HTTPS_REQUIRED. */
export function entranceOf(
  facts: RequestFacts,
  { https }: Pick<Policy, 'https'>,
  switches: Pick<Switches, 'https'>,
  isSecure: boolean,
  handlers: Pick<EdgeHandlers, 'match'>,
): Entrance {
  const { method, path } = facts;
  // Whoever asks whether the service runs sends no secret.
  if (path !== HEALTH_PATH && needsRedirect(switches.https ?? https.mode, isSecure, facts))
    return { to: 'https' };
  if (path.startsWith(OPERATOR_PREFIX)) return { to: 'operator' };
  return { to: 'lanes', handlers: handlers.match(method, path) };
}

/** To where the request has TLS. */
export function redirected(facts: RequestFacts, cors: Policy['cors']): Answer {
  const log = { lane: 'reject', reason: 'https-redirect', state: 'BYPASS' } as const;
  return answerOf(redirectToHttps(facts), cors, log);
}
