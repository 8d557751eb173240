import { promise, unproven } from './check.ts';
import { credentials } from './credentials.ts';
import { headRequests } from './head-requests.ts';
import { isolation } from './isolation.ts';
import { lanes } from './lanes.ts';
import { lookalikes } from './lookalikes.ts';
import { BudgetSpent } from './pacer.ts';
import { publicPages } from './public-pages.ts';
import { together } from './together.ts';
import type { Check, Stage, Target, TargetReport } from './types.ts';
import { unreachableReason } from './unreachable-reason.ts';
import type { Witness } from './witness.ts';

/** So many requests without an answer, one after the other: the rest is not tried. */
const MAX_FAILURES = 3;

export interface AuditResult {
  readonly targets: readonly TargetReport[];
  /** Why it ended early; null: it did not. */
  readonly endedEarly: string | null;
}

/** Audits one target after the other. `onTarget` is told before each. */
export async function runAudit(
  stage: Stage,
  targets: readonly Target[],
  witness: Witness,
  onTarget: (done: number, target: Target) => void,
): Promise<AuditResult> {
  const reports: TargetReport[] = [];
  let failures = 0;
  for (const [done, given] of targets.entries()) {
    onTarget(done, given);
    const { report, ended } = await auditTarget(stage, given, witness);
    reports.push(report);
    if (ended === 'spent')
      return {
        targets: reports,
        endedEarly: 'the number of requests that were allowed is used up: --max-requests',
      };
    failures = ended === 'unanswered' ? failures + 1 : 0;
    if (failures === MAX_FAILURES) return { targets: reports, endedEarly: 'the site does not answer' };
  }
  return { targets: reports, endedEarly: null };
}

type Ended = 'whole' | 'spent' | 'unanswered';

async function auditTarget(
  stage: Stage,
  given: Target,
  witness: Witness,
): Promise<{ report: TargetReport; ended: Ended }> {
  const checks: Check[] = [];
  let rows: TargetReport['rows'] = [];
  let ended: Ended = 'whole';
  try {
    const seen = await lanes(stage, given);
    rows = seen.rows;
    checks.push(...seen.checks);
    const { target, remark } = await settled(stage, given);
    if (remark !== null) checks.push(remark);
    // What turned up while everybody asked in turns.
    checks.push(...sightings(witness));
    checks.push(...(await isolation(stage, target, witness)));
    checks.push(...(await credentials(stage, target, witness)));
    checks.push(...(await together(stage, target, witness)));
    checks.push(...(await lookalikes(stage, target, witness)));
    checks.push(...(await headRequests(stage, target)));
    checks.push(...(await publicPages(stage, target)));
  } catch (error) {
    ended = error instanceof BudgetSpent ? 'spent' : 'unanswered';
    const why = error instanceof BudgetSpent ? 'not every request could be made' : unreachableReason(error);
    checks.push(promise('complete', 'every question was asked and answered', [why]));
  }
  checks.push(...sightings(witness, 'afterwards'));
  checks.push(
    promise('internal', 'no surrogate key or other internal field goes out', witness.takeInternalFields()),
  );
  const { route, path, kind } = given;
  return { report: { route: route.name, path, kind, scope: route.scope?.name ?? null, rows, checks }, ended };
}

/** A site that does not take an unknown parameter is asked without one: less can be proven, and nothing is reported that is none. */
async function settled(
  { ask, fresh, cast }: Stage,
  target: Target,
): Promise<{ target: Target; remark: Check | null }> {
  if (!target.canBeFresh)
    return { target, remark: withoutFresh('the policy leaves the query out of the key') };
  const [user] = cast.users;
  const asker = target.route.scope === null ? cast.anonymous : (user ?? cast.anonymous);
  const plain = await ask(asker, target.path);
  const odd = await ask(asker, fresh(target));
  if (plain.status === odd.status) return { target, remark: null };
  return {
    target: { ...target, canBeFresh: false },
    remark: withoutFresh(
      `the site answers ${plain.status}, and ${odd.status} with a parameter that it does not know`,
    ),
  };
}

function withoutFresh(why: string): Check {
  return unproven(
    'fresh',
    'URLs that no cache has seen can be asked for',
    `${why}: leaks into an empty cache are told by markers alone`,
  );
}

function sightings(witness: Witness, when = 'in turns'): Check[] {
  const seen = witness
    .takeSightings()
    .map(({ viewer, what, request }) => `${viewer} sees ${what}: ${request}`);
  return when === 'in turns' || seen.length > 0
    ? [promise('sightings', `nobody sees anything of anybody else (${when})`, [...new Set(seen)])]
    : [];
}
