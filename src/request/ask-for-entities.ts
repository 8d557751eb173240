import { takesCoding } from '../http/accept-encoding.ts';
import { HeaderFields } from '../http/header-fields.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import { type AnswerReading, lookInto } from './look-into-answer.ts';
import type { CachePlan, PassPlan } from './planned-request.ts';
import type { Service } from './service.ts';

/** The request of a GraphQL query whose answer is looked into for entities; that of any other plan as it is. */
export function askedRequest<Made extends OriginRequest>(
  service: Service,
  plan: CachePlan,
  reading: AnswerReading,
  make: (plan: CachePlan) => Made,
): OriginRequest {
  const { operation, route } = plan;
  const own = make(plan);
  if (operation === null || route.graphql === null) return own;
  const { asked } = operation;
  if (asked === null || asked === 'unread') return own;
  const { instead } = asked;
  const again = instead === null ? null : own;
  const receive = lookInto(service, asked, route.graphql, reading, again);
  if (instead === null) return { ...own, receive };
  const isGet = operation.body === null;
  const asks = isGet ? { parameters: instead } : { body: instead };
  // Parameters of the query stand last in a target.
  const target = isGet ? plan.target.slice(0, -operation.parameters.length) + instead : plan.target;
  return { ...make({ ...plan, target, operation: { ...operation, ...asks } }), receive };
}

/** What says something about the bytes of a body. */
const ABOUT_BODY = ['content-digest', 'content-md5', 'digest', 'signature', 'x-amz-content-sha256'];
/** Answers that come in parts. */
const IN_PARTS = /multipart\/|text\/event-stream/i;

/** The request of a mutation whose answer is looked into; that of any other plan that passes as it is. */
export function askedWrite(
  service: Service,
  plan: PassPlan,
  reading: AnswerReading,
  own: OriginRequest,
): OriginRequest {
  const { facts, route } = plan;
  const { operation } = facts;
  if (operation?.kind !== 'mutation' || operation.asked === undefined || route.graphql === null) return own;
  const receive = lookInto(service, operation.asked, route.graphql, reading, null);
  const headers = new HeaderFields(own.headers);
  // Of what can be unpacked here. A client that takes no gzip gets none.
  const accepted = headers.get('accept-encoding');
  headers.set('accept-encoding', accepted !== null && takesCoding(accepted, 'gzip') ? 'gzip' : 'identity');
  const { instead } = operation.asked;
  const staysAsItIs =
    ABOUT_BODY.some((name) => headers.has(name)) || IN_PARTS.test(headers.get('accept') ?? '');
  if (instead === null || staysAsItIs) return { ...own, headers, receive };
  headers.delete('content-length');
  return { ...own, headers, body: new TextEncoder().encode(instead), receive };
}
