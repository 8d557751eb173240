import type { RequestFacts } from '../lanes/request-facts.ts';
import type { Switches } from '../lanes/switches.ts';
import { HEALTH_PATH, OPERATOR_PREFIX } from '../operator/paths.ts';
import type { Policy } from '../policy/policy.ts';
import { type Answer, answerOf } from './answer.ts';
import { needsRedirect, redirectToHttps } from './https.ts';

/** Who answers a request: it is sent to HTTPS, it is the operator's, or it enters the lanes. */
export type Entrance = 'https' | 'operator' | 'lanes';

/** @throws {EdgeError} ERR_HTTPS_REQUIRED. */
export function entranceOf(
  facts: RequestFacts,
  { https }: Pick<Policy, 'https'>,
  switches: Pick<Switches, 'https'>,
  isSecure: boolean,
): Entrance {
  const { path } = facts;
  // A health check sends no secret.
  if (path !== HEALTH_PATH && needsRedirect(switches.https ?? https.mode, isSecure, facts)) return 'https';
  return path.startsWith(OPERATOR_PREFIX) ? 'operator' : 'lanes';
}

/** To where the request has TLS. */
export function redirected(facts: RequestFacts, cors: Policy['cors']): Answer {
  const log = { lane: 'reject', reason: 'https-redirect', state: 'BYPASS' } as const;
  return answerOf(redirectToHttps(facts), cors, log);
}
