import { promise } from './check.ts';
import { copiedIn, ROUNDS, type Round, suspects } from './copies.ts';
import { sharing } from './expected-lane.ts';
import type { LeakDetector } from './leak-detector.ts';
import type { Answer, AuditContext, Check, Persona, Target } from './types.ts';

/** Everybody at once at a URL that is not in the cache: an edge that answers waiting requests together must tell them apart. */
export async function together(
  context: AuditContext,
  target: Target,
  leakDetector: LeakDetector,
): Promise<Check[]> {
  const statement = 'people who ask at the same moment get pages of their own';
  const bursts: Burst[] = [await burst(context, target)];
  const pairs = pairsOf(context, target);
  let suspected = pairs.filter((pair) => suspects(roundOf(bursts[0], pair)).length > 0);
  while (target.route.scope !== null && target.canBeFresh && suspected.length > 0 && bursts.length < ROUNDS) {
    const next = await burst(context, target);
    bursts.push(next);
    suspected = suspected.filter((pair) => suspects(roundOf(next, pair)).length > 0);
  }
  const copied = suspected.flatMap((pair) => {
    const names = copiedIn(bursts.map((each) => roundOf(each, pair)));
    return names.length === 0
      ? []
      : [`${pair[1].name} got the ${names.join(', ')} of ${pair[0].name}, ${ROUNDS} times`];
  });
  const seen = leakDetector
    .takeSightings()
    .map(({ viewer, what, request }) => `${viewer} sees ${what}: ${request}`);
  return [promise('together', statement, [...copied, ...seen])];
}

/** By name: what they got at the one URL, and at the other. */
type Burst = ReadonlyMap<string, readonly [Answer, Answer]>;

async function burst({ ask, fresh, personas }: AuditContext, target: Target): Promise<Burst> {
  const [one, other] = [fresh(target), fresh(target)];
  const people = [...personas.users, personas.anonymous];
  const answers = await Promise.all(
    people.map(
      async (persona) => [persona.name, await Promise.all([ask(persona, one), ask(persona, other)])] as const,
    ),
  );
  return new Map(answers);
}

function pairsOf({ personas, policy }: AuditContext, target: Target): [Persona, Persona][] {
  return personas.users.flatMap((owner) =>
    [...personas.users, personas.anonymous]
      .filter((viewer) => viewer !== owner && sharing(policy, target, owner, viewer) === 'apart')
      .map((viewer): [Persona, Persona] => [owner, viewer]),
  );
}

function roundOf(each: Burst | undefined, [owner, viewer]: readonly [Persona, Persona]): Round {
  const [own, ownElsewhere] = each?.get(owner.name) ?? [];
  const [others] = each?.get(viewer.name) ?? [];
  if (own === undefined || ownElsewhere === undefined || others === undefined)
    throw new Error('everybody was asked');
  return { own, ownElsewhere, others };
}
