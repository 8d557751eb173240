import { copiedIn, ROUNDS, type Round, suspects } from './copies.ts';
import { isHit, readAnswer } from './read-answer.ts';
import type { Answer, AskOptions, AuditContext, Persona, Target } from './types.ts';

/** Ways to an entry beside a plain GET: a cache may well key them by less. */
const WAYS: readonly { readonly name: string; readonly options: AskOptions }[] = [
  { name: 'HEAD', options: { method: 'HEAD' } },
  { name: 'GET of a range', options: { headers: { range: 'bytes=0-' } } },
];

/**
 * What `viewer` gets by each of them at URLs that only `owner` has asked for. Evidence of a leak; none: nothing was seen.
 *
 * @param mine - What a plain GET gave to the viewer.
 */
export async function otherWays(
  context: AuditContext,
  target: Target,
  owner: Persona,
  viewer: Persona,
  mine: Answer,
): Promise<string[]> {
  // Where no URL is fresh, or nothing is personal, a hit says nothing; a GraphQL endpoint is asked by GET alone.
  if (!target.canBeFresh || target.route.scope === null || target.route.graphql !== null) return [];
  const evidence: string[] = [];
  for (const { name, options } of WAYS) {
    const rounds: Round[] = [];
    let isHitSeen = false;
    const isSuspect = (round: Round) => suspects(round).length > 0 || hasOwnersEtag(round, mine);
    do {
      const path = context.fresh(target);
      const own = await context.ask(owner, path);
      const others = await context.ask(viewer, path, options);
      const ownElsewhere = await context.ask(owner, context.fresh(target));
      rounds.push({ own, ownElsewhere, others });
      isHitSeen = isHit(readAnswer(others, target));
      if (isHitSeen)
        evidence.push(`${name} ${path}: only ${owner.name} had asked for it, and yet it is a HIT`);
    } while (!isHitSeen && rounds.length < ROUNDS && rounds.every(isSuspect));
    const isEtag = rounds.length === ROUNDS && rounds.every((round) => hasOwnersEtag(round, mine));
    const copied = [...new Set([...copiedIn(rounds), ...(isEtag ? ['etag'] : [])])];
    if (copied.length > 0)
      evidence.push(
        `${name}: ${viewer.name} got the ${copied.join(', ')} of ${owner.name}'s page, ${ROUNDS} times`,
      );
  }
  return evidence;
}

/** The owner's pages have one ETag, the viewer's another one, and yet the viewer gets the owner's. */
function hasOwnersEtag({ own, ownElsewhere, others }: Round, mine: Answer): boolean {
  const [etag, again, got, wanted] = [own, ownElsewhere, others, mine].map(({ headers }) =>
    headers.get('etag'),
  );
  return etag !== undefined && etag === again && etag === got && etag !== wanted;
}
