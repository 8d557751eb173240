import { cookiesWith } from '../../src/testing/packed-token.ts';
import { promise, unproven } from './check.ts';
import { expectedLane } from './expected-lane.ts';
import { signedAs, withOtherSignature } from './jwt.ts';
import type { LeakDetector } from './leak-detector.ts';
import { isHit, readAnswer } from './read-answer.ts';
import { ANONYMOUS } from './read-personas.ts';
import type { AuditContext, Check, Persona, Target } from './types.ts';

/** What counts is who a credential proves somebody to be: another one of the same person hits, a forged one gets nothing. */
export async function credentials(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
): Promise<Check[]> {
  if (target.route.scope === null) return [];
  const checks: Check[] = [];
  for (const user of context.personas.users) {
    if (user.second !== null) checks.push(await refreshed(context, target, user));
    if (user.jwt !== null) checks.push(await forged(context, target, leakDetector, user));
  }
  for (const user of context.personas.users) {
    const other = context.personas.users.find(({ name }) => name !== user.name);
    if (other !== undefined) checks.push(...(await both(context, target, leakDetector, user, other)));
  }
  return checks;
}

async function refreshed({ ask, policy }: AuditContext, target: Target, user: Persona): Promise<Check> {
  const statement = `another token of ${user.name} is as good as the first`;
  const [, warm] = [await ask(user, target.path), await ask(user, target.path)];
  const again = await ask(user, target.path, { credential: user.second ?? {} });
  if (again.status === 401)
    return promise('refreshed', statement, ['the second credential is refused (401)']);
  if (expectedLane(policy, target, user).lane !== 'scoped') return promise('refreshed', statement, []);
  if (!isHit(readAnswer(warm, target)))
    return unproven('refreshed', statement, 'nothing is kept here that could hit');
  const reading = readAnswer(again, target);
  return promise(
    'refreshed',
    statement,
    isHit(reading) ? [] : [`it was a ${reading.state}: the token itself is part of the key`],
  );
}

/** Under the signature of nobody, and under that of somebody else, while the page of its subject is in the cache. */
async function forged(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
  user: Persona,
): Promise<Check> {
  const { ask, personas, policy } = context;
  const jwt = user.jwt ?? '';
  const others = personas.users.flatMap((other) => (other !== user && other.jwt !== null ? [other.jwt] : []));
  const forgeries = [withOtherSignature(jwt), ...others.slice(0, 1).map((other) => signedAs(jwt, other))];
  await ask(user, target.path);
  const impostor: Persona = { ...ANONYMOUS, name: `a forger of ${user.name}'s token`, kind: 'impostor' };
  const expected = expectedLane(policy, target, impostor).lane;
  const evidence: string[] = [];
  for (const token of forgeries) {
    const answer = await ask(impostor, target.path, { credential: withToken(user.credential, jwt, token) });
    const { lane, state } = readAnswer(answer, target);
    if (lane !== expected)
      evidence.push(
        `GET ${target.path}: a token under another signature gets ${answer.status} ${state ?? ''} (lane ${lane ?? 'unknown'}, not ${expected})`,
      );
  }
  const seen = leakDetector.takeSightings().map(({ what, request }) => `${what}: ${request}`);
  return promise('forged', `a forged token of ${user.name} opens nothing`, [...evidence, ...seen]);
}

function withToken(credential: Persona['credential'], jwt: string, token: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(credential).map(([name, value]) => [name, value.replace(jwt, token)]),
  );
}

/** Two people's credentials in one request, and then each of them alone: whatever was answered, it may be kept for one of them only. */
async function both(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
  user: Persona,
  other: Persona,
): Promise<Check[]> {
  const mixed = mixture(context, target, user, other);
  if (mixed === null) return [];
  const path = context.fresh(target);
  await context.ask(user, path, { credential: mixed, alsoAs: [other] });
  await context.ask(user, path);
  await context.ask(other, path);
  const seen = leakDetector
    .takeSightings()
    .map(({ viewer, what, request }) => `${viewer} sees ${what}: ${request}`);
  return [
    promise(
      'both',
      `a request with the credentials of ${user.name} and ${other.name} mixes up no page`,
      seen,
    ),
  ];
}

function mixture(
  { policy }: AuditContext,
  { route }: Target,
  user: Persona,
  other: Persona,
): Record<string, string> | null {
  if (user.credential.cookie !== undefined && other.credential.cookie === undefined)
    return { ...other.credential, cookie: user.credential.cookie };
  if (user.credential.cookie !== undefined || other.jwt === null) return null;
  const places = (route.scope?.providers ?? policy.providers).flatMap((provider) => provider.credentials);
  const cookie = places.find((place) => place.kind !== 'header' && place.kind !== 'query');
  if (cookie === undefined) return null;
  return { ...user.credential, cookie: cookiesWith(other.jwt, cookie, 'audit') };
}
