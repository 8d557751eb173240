import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NAMES, type Name, rolesOf } from '../session-site/accounts.ts';
import { type SessionSite, startSessionSite } from '../support/start-session-site.ts';
import { eachOf } from './support/pool.ts';
import {
  altered,
  ask,
  both,
  type Credential,
  expectNothingOf,
  expectPageOf,
  KINDS,
  type Kind,
  post,
  purge,
  refused,
  renderOf,
  setOf,
  unseen,
  WITH_ROLES,
} from './support/session-site.ts';

// Who somebody is, by what no header holds whole: sessions, opaque tokens, encrypted and chunked cookies, and the set of their roles.
let site: SessionSite;
const DEPLOYED =
  'it runs on a service of its own, the one of test/session-site: the demo, which is deployed, has tokens alone';

beforeAll(async () => {
  if (!process.env.EDGE_URL) site = await startSessionSite();
});
beforeEach(({ skip }) => {
  if (process.env.EDGE_URL) skip(DEPLOYED);
});
afterAll(() => site?.stop());

describe.each(KINDS)('$kind', ({ path, scope, of }) => {
  it('shows each their own page, a HIT with a new one too, and none to anybody else', async () => {
    const target = unseen(path);
    const renders = new Map<Name, string>();
    for (const name of NAMES) {
      const page = await ask(site, target, await of(site, name));
      expect(page.cache).toBe('MISS');
      expectPageOf(name, page);
      renders.set(name, renderOf(page));
    }
    await Promise.all(
      [...NAMES, ...NAMES].map(async (name) => {
        const again = await ask(site, target, await of(site, name));
        expectPageOf(name, again);
        expect([again.cache, renderOf(again)]).toEqual(['HIT', renders.get(name)]);
      }),
    );
    await refused(site, target, {});
  });

  it('that is altered, or beside another of its kind, is nobody', async () => {
    const target = unseen(path);
    const [alice, bob] = [await of(site, 'alice'), await of(site, 'bob')];
    expectPageOf('alice', await ask(site, target, alice));
    for (const credential of [altered(alice), both(alice, bob), both(bob, alice), both(altered(bob), alice)])
      await refused(site, target, credential);
    expect((await ask(site, target, alice)).cache).toBe('HIT');
  });

  it('counts alone, whoever stands beside it in another kind', async () => {
    const target = unseen(path);
    const alice = await of(site, 'alice');
    const others = await Promise.all(
      KINDS.filter((other) => other.path !== path).map((other) => other.of(site, 'bob')),
    );
    // A second field of `Authorization` is none that stands beside it.
    const beside = others.filter(
      ({ authorization }) => authorization === undefined || alice.authorization === undefined,
    );
    for (const other of [...beside, ...beside.map(altered)])
      expectPageOf('alice', await ask(site, target, both(other, alice)));
    expectPageOf('bob', await ask(site, target, await of(site, 'bob')));
    for (const other of others) await refused(site, target, other);
  });

  it('finds its page gone after a purge or a write of that person, and nobody else’s', async () => {
    const target = unseen(path);
    const [alice, bob] = [await of(site, 'alice'), await of(site, 'bob')];
    const states = async () => {
      const pages = [await ask(site, target, alice), await ask(site, target, bob)] as const;
      expectPageOf('alice', pages[0]);
      expectPageOf('bob', pages[1]);
      return pages.map(({ cache }) => cache);
    };
    expect(await states()).toEqual(['MISS', 'MISS']);
    await purge(site, scope, 'alice');
    expect(await states()).toEqual(['MISS', 'HIT']);
    expectPageOf('alice', await post(site, path, {}, alice));
    expect(await states()).toEqual(['MISS', 'HIT']);
  });
});

describe.each(KINDS.filter(({ kind }) => kind.endsWith('chunks')))('$kind', ({ path, of }) => {
  it('of two people, or in another order, is nobody', async () => {
    const target = unseen(path);
    const chunks = async (name: Name) => (await of(site, name)).cookie?.split('; ') ?? [];
    const [alice, bob] = [await chunks('alice'), await chunks('bob')];
    expect(alice.length).toBeGreaterThan(1);
    await ask(site, target, { cookie: bob.join('; ') });
    const mixed = [
      [alice[0], ...bob.slice(1)],
      [bob[0], ...alice.slice(1)],
      [...alice].reverse(),
      alice.slice(1),
      alice.slice(0, -1),
      [...alice, bob.at(-1)?.replace(/\.\d+=/, `.${alice.length}=`)],
      [...alice, bob[0]],
    ];
    for (const cookies of mixed) await refused(site, target, { cookie: cookies.join('; ') });
    // As often as it likes, the same.
    expectPageOf('alice', await ask(site, target, { cookie: [...alice, ...alice].join('; ') }));
  });
});

it('a logout ends a session, and none of its person’s others', async () => {
  const [session] = KINDS as [Kind];
  const target = unseen('/me');
  const [one, other] = [await session.of(site, 'alice'), await session.of(site, 'alice')];
  for (const credential of [one, other]) expectPageOf('alice', await ask(site, target, credential));
  expect((await post(site, '/logout', {}, one)).status).toBe(303);
  await refused(site, target, one);
  expectPageOf('alice', await ask(site, target, other));
  const home = await ask(site, '/', one);
  expect(home.text).toContain('welcome');
  expectNothingOf(NAMES, home);
});

describe.each(WITH_ROLES)('a set of roles, told by $kind', ({ of, path }) => {
  it('is shared by who holds it in any order, and shows nothing of any of them', async () => {
    const target = unseen('/staff');
    const seen = new Map<string, string>();
    for (const name of NAMES) {
      const page = await ask(site, target, await of(site, name));
      const set = [...rolesOf(name)].sort();
      expect(setOf(page)).toEqual(set);
      expect(renderOf(page)).toBe(seen.get(set.join()) ?? renderOf(page));
      expect(page.cache).toBe(seen.has(set.join()) ? 'HIT' : 'MISS');
      seen.set(set.join(), renderOf(page));
    }
    expect(new Set(seen.values()).size).toBe(3);
    await refused(site, target, {});
    await refused(site, target, altered(await of(site, 'alice')));
    await refused(site, target, both(await of(site, 'alice'), await of(site, 'bob')));
  });

  it('is purged by its members in any order', async () => {
    const target = unseen('/staff');
    const [alice, bob, carol] = await Promise.all(
      (['alice', 'bob', 'carol'] as const).map((name) => of(site, name)),
    );
    for (const credential of [alice, carol]) await ask(site, target, credential);
    await purge(site, 'staff', ['editor', 'admin']);
    const page = await ask(site, target, bob);
    expect([page.cache, setOf(page)]).toEqual(['MISS', ['admin', 'editor']]);
    expect((await ask(site, target, carol)).cache, path).toBe('HIT');
  });
});

// -------------------------------------------------------------------------------- everybody at once, at random

const REQUESTS = 400;
const CONCURRENCY = 10;
const HOW = [
  'get',
  'head',
  'new',
  'beside',
  'staff',
  'home',
  'write',
  'purge',
  'logout',
  'forged',
  'mixed',
] as const;
const WEIGHTS: Partial<Record<(typeof HOW)[number], number>> = {
  get: 24,
  staff: 8,
  new: 4,
  home: 3,
  beside: 3,
};

interface Move {
  readonly name: Name;
  readonly kind: Kind;
  readonly other: Name;
  readonly otherKind: Kind;
  readonly page: number;
  readonly how: (typeof HOW)[number];
}

const moves = fc.record<Move>({
  name: fc.constantFrom(...NAMES),
  kind: fc.constantFrom(...KINDS),
  other: fc.constantFrom(...NAMES),
  otherKind: fc.constantFrom(...KINDS),
  page: fc.nat(1),
  how: fc.oneof(...HOW.map((how) => ({ weight: WEIGHTS[how] ?? 1, arbitrary: fc.constant(how) }))),
});

it(`${REQUESTS} concurrent requests of every kind at random never show anybody what is somebody else’s`, async () => {
  const seed = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
  console.log(`CONFORMANCE_SEED=${seed}`);
  const held = new Map<string, Credential>();
  const key = (kind: Kind, name: Name) => `${kind.kind} ${name}`;
  for (const kind of KINDS) for (const name of NAMES) held.set(key(kind, name), await kind.of(site, name));
  const of = (kind: Kind, name: Name) => held.get(key(kind, name)) ?? {};
  const round = unseen('');
  /** Rendering to the one person, or set, that may see it. */
  const owners = new Map<string, string>();
  const states: Record<string, number> = {};
  const owned = (owner: string, render: string) => {
    expect(owners.get(render) ?? owner).toBe(owner);
    owners.set(render, owner);
  };

  await eachOf(fc.sample(moves, { seed, numRuns: REQUESTS }), CONCURRENCY, async (move) => {
    const { name, kind, other, otherKind, page, how } = move;
    const mine = of(kind, name);
    const target = `${kind.path}${round}&page=${page}`;
    if (how === 'purge') return purge(site, kind.scope, name);
    if (how === 'new') held.set(key(kind, name), await kind.of(site, name));
    if (how === 'forged') return refused(site, target, altered(mine));
    if (how === 'mixed' && name !== other) return refused(site, target, both(of(kind, other), mine));
    if (how === 'logout' && kind === KINDS[0]) {
      held.set(key(kind, name), await kind.of(site, name));
      await post(site, '/logout', {}, mine);
      return refused(site, target, mine);
    }
    if (how === 'staff' || how === 'home') {
      const asked = how === 'home' || !WITH_ROLES.includes(kind) ? (KINDS[0] as Kind) : kind;
      const answer = await ask(
        site,
        `${how === 'home' ? '/' : '/staff'}${round}&page=${page}`,
        of(asked, name),
      );
      // A logout may have come by; on the home page that is nobody.
      if (answer.status === 401 && asked === KINDS[0]) return;
      if (how === 'staff') {
        expect(setOf(answer)).toEqual([...rolesOf(name)].sort());
        return owned(`${asked.path} ${[...rolesOf(name)].sort()}`, renderOf(answer));
      }
      if (answer.text.startsWith('welcome')) return expectNothingOf(NAMES, answer);
      return expectPageOf(name, answer);
    }
    const beside =
      otherKind.path !== kind.path && !(mine.authorization && of(otherKind, other).authorization);
    const credential = how === 'beside' && beside ? both(of(otherKind, other), mine) : mine;
    const method = how === 'head' ? 'HEAD' : how === 'write' ? 'POST' : 'GET';
    const answer = await ask(site, target, credential, { method });
    if (answer.status === 401 && kind === KINDS[0]) return expectNothingOf(NAMES, answer);
    states[answer.cache ?? ''] = (states[answer.cache ?? ''] ?? 0) + 1;
    if (method === 'HEAD') {
      expect(answer.status).toBe(200);
      return expectNothingOf(NAMES, answer);
    }
    expectPageOf(name, answer);
    owned(`${kind.path} ${name}`, renderOf(answer));
  });

  // It was a test of a cache: a good part came from there.
  expect(states.HIT, JSON.stringify(states)).toBeGreaterThan(REQUESTS / 10);
  expect(states.MISS, JSON.stringify(states)).toBeGreaterThan(20);
});
