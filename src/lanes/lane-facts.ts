import { matchesGlob } from '../http/name-pattern.ts';
import { isOfOtherScheme } from '../http/other-scheme.ts';
import { hasParameter } from '../http/query-parameter.ts';
import { isSafeMethod } from '../http/safe-methods.ts';
import { isReadOnlyOperation } from './is-read-only-operation.ts';
import type { Reason } from './lane.ts';
import type { DecideInput } from './lane-input.ts';
import type { RequestFacts } from './request-facts.ts';
import type { LaneSwitch } from './switches.ts';

/** What the switches say of a lane on this route. `pass` and `unreadable` are stronger than `observe`. */
export function switchOf({ route, switches }: DecideInput, lane: 'public' | 'scoped'): LaneSwitch {
  if (switches.all !== 'on') return switches.all;
  const ofRoute = switches.route(route.name);
  if (ofRoute === 'pass' || ofRoute === 'unreadable') return ofRoute;
  const ofLane = switches.lane(lane);
  return ofLane === 'on' ? ofRoute : ofLane;
}

export function obstacleOf(held: LaneSwitch): Reason | null {
  if (held === 'pass') return 'switch-pass';
  return held === 'unreadable' ? 'switches-unreadable' : null;
}

/** Why a request that could be cached by its lane passes all the same. */
export function obstacleToCaching({ facts, route, isLookalike }: DecideInput): Reason | null {
  if (facts.ambiguousTarget) return 'ambiguous-target';
  if (route.graphql !== null && facts.operation?.kind !== 'query') {
    return `graphql-${facts.operation?.kind ?? 'unreadable'}`;
  }
  const { content } = facts;
  if (facts.method === 'QUERY' && content === undefined) return 'query-method';
  if (facts.hasBody && facts.operation === null && content === undefined) return 'body-on-get';
  // The place that asks for that password would not be reached on a hit.
  if (
    route.otherSchemes.length > 0 &&
    isOfOtherScheme(facts.headers.get('authorization'), route.otherSchemes)
  ) {
    return 'other-scheme';
  }
  if (isLookalike) return 'protected-lookalike';
  // At the end: a body is waited for only where nothing else stands in the way.
  return content === undefined || content.kind === 'keyed' ? null : 'body-unkeyed';
}

/** What a purge must follow: an unsafe method, unless it is known to ask only; a mutation, and what may be one, even by GET. */
export function isWrite(facts: RequestFacts): boolean {
  const { operation } = facts;
  if (operation?.kind === 'mutation') return true;
  if (operation?.kind === 'unreadable' && operation.mayWrite) return true;
  return !isSafeMethod(facts.method) && !isReadOnlyOperation(facts);
}

export function writeReason({ facts, route }: DecideInput, otherwise: Reason): Reason {
  const kind = facts.operation?.kind;
  if (kind === undefined || kind === 'query') return otherwise;
  return kind === 'unlearned' && route.graphql?.unknownHash === 'ask' ? 'graphql-ask' : `graphql-${kind}`;
}

/** By which of its marks a request is an editor's: anybody may send one, and it only ever takes caching away. */
export function cmsMarkOf(input: DecideInput): 'cms-cookie' | 'cms-query' | 'cms-header' | null {
  if (hasCmsCookie(input)) return 'cms-cookie';
  const { query, headers } = input.policy.cms;
  const { facts } = input;
  if (query !== null && facts.query !== '' && hasParameter(facts.query, query)) return 'cms-query';
  return headers.some((name) => facts.headers.has(name)) ? 'cms-header' : null;
}

function hasCmsCookie({ policy, facts: { cookies } }: DecideInput): boolean {
  if (cookies.size === 0) return false;
  const { names, globs } = policy.cms.cookies;
  for (const name of names) if (cookies.has(name)) return true;
  for (const glob of globs) for (const name of cookies.keys()) if (matchesGlob(glob, name)) return true;
  return false;
}

/** With `cms.bearer: false` a Bearer token that no scope claims is dropped; any other scheme still passes. */
export function isPassedAuthorization({ policy, facts }: DecideInput): boolean {
  const value = facts.headers.get('authorization');
  return value !== null && (policy.cms.bearer || !/^bearer(?:\s|$)/i.test(value));
}
