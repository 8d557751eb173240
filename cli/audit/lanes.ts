import { expectedLane } from './expected-lane.ts';
import { isOwedAHit, laneChecks, type Visit } from './lane-checks.ts';
import { plainUrl } from './plain-url.ts';
import { readAnswer } from './read-answer.ts';
import type { AuditContext, Check, Row, Target } from './types.ts';

/** Beyond the second request: another node of the edge may have to fetch for itself. */
const EXTRA_TRIES = 3;

/** Everybody asks three times, in turns: which lane, whether it hits, for how long, and what the browser is told. */
export async function lanes(
  context: AuditContext,
  target: Target,
): Promise<{ rows: Row[]; checks: Check[] }> {
  const { anonymous, users, editor } = context.personas;
  const people = [anonymous, ...users, editor];
  const visits = people.map(
    (persona): Visit => ({
      persona,
      expected: expectedLane(context.policy, target, persona),
      answers: [],
      readings: [],
    }),
  );
  // The third time the other way round, so that each comes after each other one.
  for (const visit of [...visits, ...visits, ...visits.toReversed()]) await look(context, target, visit);
  for (const visit of visits) {
    for (let i = 0; i < EXTRA_TRIES && isOwedAHit(visit); i++) await look(context, target, visit);
  }
  return {
    rows: visits.map(rowOf),
    checks: [
      ...visits.flatMap((visit) => laneChecks(context, target, visit)),
      ...(await plainUrl(context, target, visits)),
    ],
  };
}

async function look(
  { ask }: AuditContext,
  target: Target,
  { persona, answers, readings }: Visit,
): Promise<void> {
  const answer = await ask(persona, target.path);
  answers.push(answer);
  readings.push(readAnswer(answer, target));
}

function rowOf({ persona, answers, readings }: Visit): Row {
  const last = readings.at(-1);
  return {
    persona: persona.name,
    lane: last?.lane ?? null,
    states: readings.map(({ state }) => state),
    status: answers.at(-1)?.status ?? 0,
    ttlSeconds: last?.ttlSeconds ?? null,
    cacheControl: answers.at(-1)?.headers.get('cache-control') ?? null,
  };
}
