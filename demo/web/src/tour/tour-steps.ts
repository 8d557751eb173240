import type { CacheState } from 'claimcache/client';
import { ask } from '../api/ask.ts';
import { purgeMe } from '../api/purge-me.ts';
import type { Visit } from '../measure/visits.ts';
import type { UserSession } from '../session/user-session.ts';

/** What a step works with. */
export interface TourWorld {
  readonly session: UserSession;
  /** Does something that has every page asked for again, and resolves with what came. */
  readonly visitAfter: (work: () => Promise<unknown>) => Promise<readonly Visit[]>;
  /** Asks for every page again. */
  readonly reload: () => Promise<unknown>;
}

export interface TourStep {
  readonly title: string;
  /** What will be done, and what should be seen. */
  readonly text: string;
  readonly action: string;
  readonly run: (world: TourWorld) => Promise<readonly Visit[]>;
  /** Whether it went as the text says. */
  readonly isAsTold: (seen: readonly Visit[]) => boolean;
  /** What happened at the edge. */
  readonly explanation: string;
}

const OWN = ['/api/dashboard', '/api/orders', '/api/profile'];
const TEAM = '/api/team/report';

/** About a minute: Alice, her colleague Bob, and Carol of another company. */
export const TOUR: readonly TourStep[] = [
  {
    title: 'The first visit',
    text: 'Alice signs in. The edge has nothing of hers: her pages are a MISS.',
    action: 'Visit as Alice',
    async run(world) {
      const state = world.session.current();
      if (state.kind !== 'known' || state.who.user.name !== 'alice')
        await world.visitAfter(() => world.session.signIn('alice'));
      return reloadAfter(world, purgeMe);
    },
    isAsTold: (seen) => all(seen, OWN, 'MISS'),
    explanation:
      'The edge verified her token, asked the origin, and stored each page under a key made of the claim sub: 42. Payment methods are never stored.',
  },
  {
    title: 'The second visit',
    text: 'The same pages again. The origin is not asked: HIT.',
    action: 'Visit again',
    run: (world) => world.visitAfter(world.reload),
    isAsTold: (seen) => all(seen, [...OWN, TEAM], 'HIT'),
    explanation:
      'The token was verified again before the look-up. Then the stored pages were sent, without the origin.',
  },
  {
    title: 'Another token',
    text: 'Alice gets a new token, as every session does after some minutes. A cache keyed by the token would miss.',
    action: 'Refresh the token',
    run: (world) => reloadAfter(world, world.session.refreshToken),
    isAsTold: (seen) => all(seen, [...OWN, TEAM], 'HIT'),
    explanation: 'The key holds the claim, not the token. The same person has the same key: still a HIT.',
  },
  {
    title: 'A colleague',
    text: 'Bob is in the same team. The team report is kept by tenant and role: he gets the copy that Alice’s visit stored.',
    action: 'Sign in as Bob',
    run: (world) => world.visitAfter(() => world.session.signIn('bob')),
    isAsTold: (seen) => all(seen, [TEAM], 'HIT') && isAbout(seen, OWN, '43'),
    explanation:
      'The team report is a HIT for Bob at his first visit. The other pages are made for him alone: their key says 43.',
  },
  {
    title: 'A stranger',
    text: 'Carol works elsewhere. She must see nothing of Alice, of Bob, or of their team.',
    action: 'Sign in as Carol',
    run: (world) => world.visitAfter(() => world.session.signIn('carol')),
    isAsTold: (seen) => isAbout(seen, OWN, '77') && isAbout(seen, [TEAM], 'globex'),
    explanation:
      'Each page names its owner, and each is Carol’s. Her claims make other keys: no entry of Alice can be found with them.',
  },
  {
    title: 'Save, and see it at once',
    text: 'Carol changes her name. A cached page with the old name would be a bug: the edge purges her pages by itself.',
    action: 'Save another name',
    run: (world) =>
      reloadAfter(world, () => ask('/api/profile', { method: 'PUT', body: { displayName: nextName() } })),
    isAsTold: (seen) => all(seen, OWN, 'MISS') && all(seen, [TEAM], 'HIT'),
    explanation:
      'The write passed to the origin. After it the edge purged user:77, so her pages are new. Her team’s report was kept.',
  },
  {
    title: 'Purge one person',
    text: 'Your back end can do the same with one call, for one user: purge user:77.',
    action: 'Purge Carol',
    run: (world) => reloadAfter(world, purgeMe),
    isAsTold: (seen) => all(seen, OWN, 'MISS') && all(seen, [TEAM], 'HIT'),
    explanation: 'Her entries went, nobody else’s did. Alice and Bob still have a HIT.',
  },
];

function reloadAfter(world: TourWorld, work: () => Promise<unknown>): Promise<readonly Visit[]> {
  return world.visitAfter(async () => {
    await work();
    await world.reload();
  });
}

function all(seen: readonly Visit[], paths: readonly string[], state: CacheState): boolean {
  return paths.every((path) => seen.find((visit) => visit.path === path)?.facts.state === state);
}

function isAbout(seen: readonly Visit[], paths: readonly string[], owner: string): boolean {
  return paths.every((path) => seen.find((visit) => visit.path === path)?.owner === owner);
}

let saved = 0;
/** Another one each time: a tour can be taken twice. */
function nextName(): string {
  saved += 1;
  return `Carol, change ${saved}`;
}
