import { asEdgeError, EdgeError } from '../../errors.ts';
import { announcesBody } from '../../http/announces-body.ts';
import { namesHost } from '../../http/same-host.ts';
import { splitTarget } from '../../http/target.ts';
import { pass } from '../../lanes/lane-decisions.ts';
import type { RequestFacts } from '../../lanes/request-facts.ts';
import type { WebsocketRule } from '../../policy/routes/websocket-rule.ts';
import { failure } from '../answer.ts';
import { isAllowedOrigin } from '../cors.ts';
import { planOfLane, rejectPlan } from '../plan-of-lane.ts';
import type { Planned } from '../planned-request.ts';
import { planFields } from '../request-log.ts';
import type { Sockets } from './sockets.ts';
import { whyChanged } from './unchanged.ts';

/**
 * Sockets go to their backend by the platform, with the request as it came: what the edge adds to other requests is not there, and what it takes
 * out of them has to be absent. So whatever the request of the pass lane would not have exactly so is a 400.
 */
const sockets: Sockets = {
  isAsked: ({ method, headers }) =>
    method === 'GET' && (headers.get('upgrade')?.toLowerCase().includes('websocket') ?? false),

  plan(planned, decision, also, rule, router) {
    const { facts, credential } = planned;
    const { route } = decision;
    try {
      // A route that is only observed lets everybody through: not to a socket.
      if (route.scope !== null && credential.partition === null) throw notVerified(planned);
      if (also.some(({ partition }) => partition === null)) throw new EdgeError('ERR_CREDENTIAL_MISSING');
      if (facts.ambiguousTarget) throw refused('the path can be read in two ways');
      if (facts.queryTokens !== undefined) throw refused('a token in the query');
      if (!isFromAllowedPage(facts, rule)) throw new EdgeError('ERR_CROSS_SITE');
    } catch (cause) {
      return rejectPlan(planned, cause, 'websocket');
    }
    const isVerified = credential.outcome?.kind === 'verified';
    const partition = route.scope === null ? null : credential.partition;
    const handedOff = pass(route, 'websocket', { authenticated: isVerified, noStore: false, partition });
    return planOfLane(planned, handedOff, router);
  },

  handOff({ policy, platform }, context, plan) {
    const log = [planFields(plan), { state: 'BYPASS' as const }];
    const { path } = plan;
    const cors = path.route.cors ? policy.cors : null;
    try {
      const why =
        whyNotAsItCame(context.request, plan.facts, plan.target) ?? whyChanged(policy, context, plan);
      if (why !== null) throw refused(why);
      const response = platform.handOff(context.request, plan.origin.backend);
      const told = [...log, { status: 101, detail: 'handed-off' }];
      return {
        response,
        error: null,
        log: told,
        cors: null,
        plan,
        keyTroubles: plan.keyTroubles,
        background: null,
        isHandedOff: true,
      };
    } catch (cause) {
      return {
        ...failure(asEdgeError(cause), context.requestId, cors, ...log),
        keyTroubles: plan.keyTroubles,
      };
    }
  },
};

export default sockets;

function notVerified({ credential: { outcome } }: Planned): EdgeError {
  return new EdgeError(outcome?.kind === 'invalid' ? outcome.code : 'ERR_CREDENTIAL_MISSING');
}

/**
 * Browsers open sockets to any host, with the visitor's cookies, and say which page asks. Who says nothing is no browser, and sends no cookie
 * unasked.
 */
function isFromAllowedPage({ headers, host, scheme }: RequestFacts, rule: WebsocketRule): boolean {
  const origin = headers.get('origin');
  if (origin === null) return true;
  if (rule.origins.some((allowed) => isAllowedOrigin(allowed, origin))) return true;
  // Whoever sits between a visitor and a page without TLS writes that page.
  if (scheme === 'https' && !origin.startsWith('https:')) return false;
  try {
    return namesHost(new URL(origin), host);
  } catch {
    return false;
  }
}

/** The handshake itself (RFC 6455 section 4.2.1), and the target, which the backend gets as it was written. */
function whyNotAsItCame(request: Request, facts: RequestFacts, target: string): string | null {
  const { headers } = facts;
  if (headers.get('upgrade')?.toLowerCase() !== 'websocket') return 'Upgrade names more than websocket';
  const hops = (headers.get('connection') ?? '')
    .toLowerCase()
    .split(',')
    .map((hop) => hop.trim());
  if (!hops.includes('upgrade') || hops.some((hop) => hop !== 'upgrade' && hop !== 'keep-alive'))
    return 'Connection names something else than upgrade';
  if (headers.get('sec-websocket-version') !== '13') return 'another version of WebSocket';
  if (!/^[A-Za-z0-9+/]{22}==$/.test(headers.get('sec-websocket-key') ?? '')) return 'no Sec-WebSocket-Key';
  if (announcesBody(headers)) return 'a body';
  const { path, query } = splitTarget(request.url);
  return (query === '' ? path : `${path}?${query}`) === target
    ? null
    : 'the target is not in its normal form';
}

function refused(why: string): EdgeError {
  return new EdgeError('ERR_REQUEST_MALFORMED', { cause: new Error(`websocket: ${why}`) });
}
