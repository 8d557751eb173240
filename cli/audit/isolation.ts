import { promise, unproven } from './check.ts';
import { bodyOf, copiedIn, ROUNDS, type Round, suspects } from './copies.ts';
import { etagConfusion } from './etag-confusion.ts';
import { sharing } from './expected-lane.ts';
import type { LeakDetector } from './leak-detector.ts';
import { otherWays } from './other-ways.ts';
import { isHit, readAnswer } from './read-answer.ts';
import type { AuditContext, Check, Persona, Target } from './types.ts';

/**
 * For each person, everybody else at a URL that only that person has asked for: nobody may get what was kept for them. Three signs, each
 * enough: something of theirs is seen (the leak detector), the cache says HIT, or a page that changes with each rendering comes back unchanged.
 */
export async function isolation(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
): Promise<Check[]> {
  const { anonymous, users, editor } = context.personas;
  const checks: Check[] = [];
  for (const owner of users) {
    for (const viewer of [...users, anonymous, editor]) {
      if (viewer !== owner) checks.push(await pair(context, target, leakDetector, owner, viewer));
    }
  }
  return checks;
}

async function pair(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
  owner: Persona,
  viewer: Persona,
): Promise<Check> {
  const statement = `${viewer.name} gets nothing that was kept for ${owner.name}`;
  const relation = sharing(context.policy, target, owner, viewer);
  const { visits, copies } = await visitsOf(context, target, owner, viewer, relation === 'shared');
  const [first] = visits;
  const hits = visits.flatMap(({ path, plain }) =>
    target.canBeFresh && isHit(readAnswer(plain.others, target))
      ? [`GET ${path}: only ${owner.name} had asked for it, and yet it is a HIT`]
      : [],
  );
  const shares = relation === 'shared' ? [] : [...hits, ...copies];
  const confused =
    first === undefined || relation !== 'apart'
      ? []
      : await etagConfusion(context, first.path, first.plain, owner, viewer, leakDetector);
  const elsewhere =
    relation === 'apart' && first !== undefined
      ? await otherWays(context, target, owner, viewer, first.plain.others)
      : [];
  const seen = leakDetector
    .takeSightings()
    .map((each) => `${each.viewer} sees ${each.what}: ${each.request}`);
  const evidence = [...elsewhere, ...confused, ...seen];
  if (relation === 'apart') evidence.unshift(...shares);
  if (evidence.length > 0) return promise('isolation', statement, evidence);
  if (shares.length > 0) {
    return unproven(
      'isolation',
      statement,
      `they share an entry: rightly, if they are of one group, which users.json does not say ("group")`,
    );
  }
  // Elsewhere a page need not be anybody's.
  if (
    relation !== 'apart' ||
    target.route.scope === null ||
    couldBeSeen(first, owner, leakDetector, target)
  ) {
    return promise('isolation', statement, []);
  }
  return unproven(
    'isolation',
    statement,
    `their pages are the same, never change and show no marker of ${owner.name}: a leak would look just like this`,
  );
}

interface Visit {
  readonly path: string;
  readonly plain: Round;
  /** A compressed variant is an entry of its own. */
  readonly compressed: Round;
}

/** The owner at two fresh URLs, then the other one at the first of them; as often again as it takes to be sure of a copy. */
async function visitsOf(
  { ask, fresh }: AuditContext,
  target: Target,
  owner: Persona,
  viewer: Persona,
  maySee: boolean,
): Promise<{ visits: Visit[]; copies: string[] }> {
  const visits: Visit[] = [];
  // A copy tells something where pages are personal: an origin may well keep what is for everybody.
  const isTelling = !maySee && target.route.scope !== null && target.canBeFresh;
  const isSuspect = ({ plain, compressed }: Visit) =>
    suspects(plain).length + suspects(compressed).length > 0;
  do {
    const path = fresh(target);
    const own = await ask(owner, path);
    const ownElsewhere = await ask(owner, fresh(target));
    const others = await ask(viewer, path);
    const zipped = await ask(viewer, path, { headers: { 'accept-encoding': 'gzip, br' } });
    visits.push({
      path,
      plain: { own, ownElsewhere, others },
      compressed: { own, ownElsewhere, others: zipped },
    });
  } while (isTelling && visits.length < ROUNDS && visits.every(isSuspect));
  const copied = new Set(
    [visits.map(({ plain }) => plain), visits.map(({ compressed }) => compressed)].flatMap(copiedIn),
  );
  const copies = [...copied].map(
    (name) =>
      `${name === 'body' ? 'the page' : `the header ${name}`} is another one with each rendering, and yet ${viewer.name} got the one of ${owner.name}, ${ROUNDS} times`,
  );
  return { visits, copies };
}

/** Whether a leak would have left a trace. */
function couldBeSeen(
  visit: Visit | undefined,
  owner: Persona,
  leakDetector: LeakDetector,
  { canBeFresh }: Target,
): boolean {
  if (visit === undefined) return false;
  const { own, ownElsewhere, others } = visit.plain;
  if (bodyOf(own) !== bodyOf(others) || own.status !== others.status) return true;
  return leakDetector.showsOwner(owner, own) || (canBeFresh && bodyOf(own) !== bodyOf(ownElsewhere));
}
