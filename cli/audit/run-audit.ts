import { promise, unproven } from './check.ts';
import { credentials } from './credentials.ts';
import { headRequests } from './head-requests.ts';
import { isolation } from './isolation.ts';
import { lanes } from './lanes.ts';
import type { LeakDetector } from './leak-detector.ts';
import { lookalikes } from './lookalikes.ts';
import { BudgetSpent } from './pacer.ts';
import { publicPages } from './public-pages.ts';
import { together } from './together.ts';
import type { AuditContext, Check, Target, TargetReport } from './types.ts';
import { unreachableReason } from './unreachable-reason.ts';

/** So many requests without an answer, one after the other: the rest is not tried. */
const MAX_FAILURES = 3;

export interface AuditResult {
  readonly targets: readonly TargetReport[];
  /** Why it ended early; null: it did not. */
  readonly endedEarly: string | null;
}

/** Audits one target after the other. `onTarget` is told before each. */
export async function runAudit(
  context: AuditContext,
  targets: readonly Target[],
  leakDetector: LeakDetector,
  onTarget: (done: number, target: Target) => void,
): Promise<AuditResult> {
  const reports: TargetReport[] = [];
  let failures = 0;
  for (const [done, given] of targets.entries()) {
    onTarget(done, given);
    const { report, ended } = await auditTarget(context, given, leakDetector);
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
  context: AuditContext,
  given: Target,
  leakDetector: LeakDetector,
): Promise<{ report: TargetReport; ended: Ended }> {
  const checks: Check[] = [];
  let rows: TargetReport['rows'] = [];
  let ended: Ended = 'whole';
  try {
    const seen = await lanes(context, given);
    rows = seen.rows;
    checks.push(...seen.checks);
    const { target, remark } = await settled(context, given);
    if (remark !== null) checks.push(remark);
    // What turned up while everybody asked in turns.
    checks.push(...sightings(leakDetector));
    checks.push(...(await isolation(context, target, leakDetector)));
    checks.push(...(await credentials(context, target, leakDetector)));
    checks.push(...(await together(context, target, leakDetector)));
    checks.push(...(await lookalikes(context, target, leakDetector)));
    checks.push(...(await headRequests(context, target)));
    checks.push(...(await publicPages(context, target)));
  } catch (error) {
    ended = error instanceof BudgetSpent ? 'spent' : 'unanswered';
    const why = error instanceof BudgetSpent ? 'not every request could be made' : unreachableReason(error);
    checks.push(promise('complete', 'every question was asked and answered', [why]));
  }
  checks.push(...sightings(leakDetector, 'afterwards'));
  checks.push(
    promise(
      'internal',
      'no surrogate key or other internal field goes out',
      leakDetector.takeInternalFields(),
    ),
  );
  const { route, path, kind } = given;
  return { report: { route: route.name, path, kind, scope: route.scope?.name ?? null, rows, checks }, ended };
}

/** A site that does not take an unknown parameter is asked without one: less can be proven, and nothing is reported that is none. */
async function settled(
  { ask, fresh, personas }: AuditContext,
  target: Target,
): Promise<{ target: Target; remark: Check | null }> {
  if (!target.canBeFresh)
    return { target, remark: withoutFresh('the policy leaves the query out of the key') };
  const [user] = personas.users;
  const asker = target.route.scope === null ? personas.anonymous : (user ?? personas.anonymous);
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

function sightings(leakDetector: LeakDetector, when = 'in turns'): Check[] {
  const seen = leakDetector
    .takeSightings()
    .map(({ viewer, what, request }) => `${viewer} sees ${what}: ${request}`);
  return when === 'in turns' || seen.length > 0
    ? [promise('sightings', `nobody sees anything of anybody else (${when})`, [...new Set(seen)])]
    : [];
}
