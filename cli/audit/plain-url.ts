import { promise } from './check.ts';
import { bodyOf, ROUNDS } from './copies.ts';
import { sharing } from './expected-lane.ts';
import type { Visit } from './lane-checks.ts';
import type { Answer, AuditContext, Check, Persona, Target } from './types.ts';

/** A shorter page may be the same by chance. */
const MIN_BODY = 8;

/**
 * The URL as it is, without the query that makes it fresh: many caches keep nothing that has a query, and would leak here alone. The sign: two
 * people got one page there, though elsewhere each rendering is another one.
 */
export async function plainUrl(
  context: AuditContext,
  target: Target,
  visits: readonly Visit[],
): Promise<Check[]> {
  if (target.route.scope === null || !target.canBeFresh) return [];
  const evidence: string[] = [];
  for (const owner of visits.filter(({ persona }) => persona.kind === 'user')) {
    for (const viewer of visits) {
      if (owner === viewer || sharing(context.policy, target, owner.persona, viewer.persona) !== 'apart')
        continue;
      if (!sharesAPage(owner, viewer)) continue;
      if (await isNeverTheSame(context, target, [owner.persona, viewer.persona]))
        evidence.push(
          `GET ${target.path}: ${viewer.persona.name} got the very page of ${owner.persona.name}, and at other URLs no two are the same`,
        );
    }
  }
  return [promise('isolation', 'nobody gets at the plain URL what was kept for somebody else', evidence)];
}

function sharesAPage(owner: Visit, viewer: Visit): boolean {
  const pages = new Set(owner.answers.filter(isPage).map(bodyOf));
  return viewer.answers.some((answer) => isPage(answer) && pages.has(bodyOf(answer)));
}

function isPage(answer: Answer): boolean {
  return answer.status < 300 && bodyOf(answer).length >= MIN_BODY;
}

/** As many renderings as a copy takes to be believed: a clock in seconds or a banner of two repeats itself among them. */
async function isNeverTheSame(
  { ask, fresh }: AuditContext,
  target: Target,
  people: readonly Persona[],
): Promise<boolean> {
  const seen = new Set<string>();
  for (let i = 0; i < ROUNDS; i++) {
    for (const persona of people) {
      const answer = await ask(persona, fresh(target));
      if (!isPage(answer) || seen.has(bodyOf(answer))) return false;
      seen.add(bodyOf(answer));
    }
  }
  return true;
}
