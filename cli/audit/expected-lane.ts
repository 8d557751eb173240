import { includesName } from '../../src/http/name-pattern.ts';
import type { Lane } from '../../src/lanes/lane.ts';
import type { Policy } from '../../src/policy/policy.ts';
import type { CredentialFallbackInput } from '../../src/policy/routes/route-identity.ts';
import type { Persona, Target } from './types.ts';

export interface Expectation {
  readonly lane: Lane;
  /** `X-Auth-Route: true`. */
  readonly authenticated: boolean;
}

/** The lane that docs/concepts/lanes.md promises, told from the policy alone: an independent reading of it, not the code that is audited. */
export function expectedLane(policy: Policy, { kind, route }: Target, persona: Persona): Expectation {
  const pass = (authenticated: boolean): Expectation => ({ lane: 'pass', authenticated });
  const isEditor = hasCmsCookie(policy, persona);
  if (route.scope === null) {
    if (isEditor || kind === 'cms') return pass(true);
    if (isPassedAuthorization(policy, persona)) return pass(true);
    return kind === 'pass' ? pass(false) : { lane: 'public', authenticated: false };
  }
  if (route.scope.providers.length > 0) {
    if (persona.kind === 'impostor') return fallBack(route.onInvalid, isEditor);
    if (persona.kind !== 'user') return fallBack(route.onMissing, isEditor);
  }
  if (kind === 'sensitive' || isEditor) return pass(persona.kind === 'user' || isEditor);
  return { lane: 'scoped', authenticated: false };
}

function fallBack(rule: CredentialFallbackInput, isEditor: boolean): Expectation {
  if (rule === 'reject') return { lane: 'reject', authenticated: false };
  if (rule === 'pass' || isEditor) return { lane: 'pass', authenticated: true };
  return { lane: 'public', authenticated: false };
}

function hasCmsCookie({ cms }: Policy, { credential }: Persona): boolean {
  const names = (credential.cookie ?? '').split(';').map((pair) => pair.split('=', 1)[0]?.trim() ?? '');
  return names.some((name) => includesName(cms.cookies, name));
}

function isPassedAuthorization({ cms }: Policy, { credential }: Persona): boolean {
  const value = credential.authorization;
  return value !== undefined && (cms.bearer || !/^bearer /i.test(value));
}

/**
 * Whether two people may be shown one copy of a page. `unknown`: a bucket of several people, and users.json does not say whether these two
 * are of one group. It is not asked of their claims: that is what the service does, and what is audited.
 */
export function sharing(
  policy: Policy,
  target: Target,
  a: Persona,
  b: Persona,
): 'shared' | 'apart' | 'unknown' {
  const [laneA, laneB] = [expectedLane(policy, target, a).lane, expectedLane(policy, target, b).lane];
  if (laneA !== laneB) return 'apart';
  if (laneA === 'public') return 'shared';
  const { scope } = target.route;
  if (laneA !== 'scoped' || scope === null) return 'apart';
  // Nobody is verified there: the visitor's traits are all that tells visitors apart.
  if (scope.providers.length === 0) return 'shared';
  if (!scope.shared) return 'apart';
  const [groupA, groupB] = [groupOf(a, scope.name), groupOf(b, scope.name)];
  if (groupA === null || groupB === null) return 'unknown';
  return groupA === groupB ? 'shared' : 'apart';
}

function groupOf({ groups }: Persona, scope: string): string | null {
  return groups.get(scope) ?? groups.get('*') ?? null;
}
