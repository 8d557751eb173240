import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { PERSONAL_PATHS, renderOf, SENSITIVE_PATH, TEAM_PATH } from './support/pages.ts';
import { alice, expectNothingOf, expectPageOf, logIn, PEOPLE, type Person } from './support/people.ts';
import { eachOf } from './support/pool.ts';
import { canPurge, purge } from './support/purge.ts';

it('two providers that name the same subject never meet', async () => {
  const target = unseen('/api/orders');
  const [app, partner] = [await logIn(alice), await logIn(alice, { provider: 'partner' })];
  const first = await edgeAs(app, target);
  const second = await expectOriginRequests(1, () => edgeAs(partner, target));
  expect([first.cache, second.cache]).toEqual(['MISS', 'MISS']);
  expect(renderOf(second)).not.toBe(renderOf(first));
  for (const [token, page] of [
    [app, first],
    [partner, second],
  ] as const) {
    const again = await expectOriginRequests(0, () => edgeAs(token, target));
    expect(again.cache).toBe('HIT');
    expect(renderOf(again)).toBe(renderOf(page));
  }
});

// -------------------------------------------------------------------------------- everybody at once, at random

const REQUESTS = 2000;
const CONCURRENCY = 12;
const PUBLIC_PATHS = ['/pages/welcome', '/lab/cacheable', '/lab/no-store'];

/** One request: by whom (null: nobody), through which provider, where, and with what else. */
interface Move {
  readonly person: Person | null;
  readonly provider: 'app' | 'partner';
  readonly path: string;
  readonly variant: number;
  readonly kind: 'get' | 'head' | 'cookie' | 'editor' | 'conditional' | 'put' | 'purge';
}

const moves = fc.record<Move>({
  person: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...PEOPLE) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  provider: fc.constantFrom('app', 'partner'),
  path: fc.constantFrom(
    ...PERSONAL_PATHS,
    '/api/lab/no-store',
    '/api/lab/set-cookie',
    '/api/lab/slow?ms=5',
    '/api/lab/stale',
    SENSITIVE_PATH,
    TEAM_PATH,
    ...PUBLIC_PATHS,
  ),
  variant: fc.nat(1),
  kind: fc.oneof(
    { weight: 20, arbitrary: fc.constant('get' as const) },
    { weight: 5, arbitrary: fc.constantFrom('head', 'cookie', 'editor', 'conditional') },
    { weight: 1, arbitrary: fc.constantFrom('put', 'purge') },
  ),
});

it(`${REQUESTS} concurrent requests at random never show anybody a page of somebody else`, async () => {
  const seed = Number(process.env.CONFORMANCE_SEED ?? Date.now() % 2 ** 31);
  console.log(`CONFORMANCE_SEED=${seed}`);
  const script = fc.sample(moves, { seed, numRuns: REQUESTS });
  const tokens = new Map<string, string>();
  for (const person of PEOPLE) {
    for (const provider of ['app', 'partner'] as const) {
      tokens.set(`${provider} ${person.sub}`, await logIn(person, { provider }));
    }
  }
  const round = unseen('/').slice(2);
  /** Rendering to the one identity, or team, that may see it. */
  const owners = new Map<string, string>();
  const seen = { HIT: 0, MISS: 0, STALE: 0, BYPASS: 0, ERROR: 0 } as Record<string, number>;

  await eachOf(script, CONCURRENCY, async (move) => {
    const { person, provider, path, variant, kind } = move;
    if (kind === 'purge') {
      if (canPurge && person !== null) await purge({ scope: 'user', value: person.sub, soft: variant === 1 });
      return;
    }
    const target = `${path}${path.includes('?') ? '&' : '?'}${round}&variant=${variant}`;
    const token = person === null ? null : (tokens.get(`${provider} ${person.sub}`) ?? '');
    // Only the provider `app` has its tokens in a cookie.
    const answer = await ask(kind === 'cookie' && provider !== 'app' ? 'get' : kind, token, target);
    seen[answer.cache ?? ''] = (seen[answer.cache ?? ''] ?? 0) + 1;
    expectOnlyOwn(move, answer, owners);
  });

  // It was a test of a cache: a good part came from there.
  expect(seen.HIT, JSON.stringify(seen)).toBeGreaterThan(REQUESTS / 10);
  expect(seen.MISS, JSON.stringify(seen)).toBeGreaterThan(20);
});

function ask(kind: Move['kind'], token: string | null, target: string): Promise<Answer> {
  const headers = {
    ...(token === null
      ? {}
      : kind === 'cookie'
        ? { cookie: `theme=dark; session=${token}` }
        : { authorization: `Bearer ${token}` }),
    ...(kind === 'editor' ? { cookie: 'cms_session=forged' } : {}),
    // Another's validator must not confirm anything.
    ...(kind === 'conditional' ? { 'if-none-match': 'W/"orders-list-43-1", W/"lab-43"' } : {}),
  };
  if (kind === 'put') {
    const body = JSON.stringify({ displayName: 'Somebody' });
    return edge('/api/profile', {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
  }
  return edge(target, { method: kind === 'head' ? 'HEAD' : 'GET', headers });
}

function expectOnlyOwn(
  { person, provider, path, kind }: Move,
  answer: Answer,
  owners: Map<string, string>,
): void {
  expectNothingOf(
    PEOPLE.filter((other) => other !== person),
    answer,
  );
  const isPublic = PUBLIC_PATHS.includes(path);
  const status = (kind === 'put' || !isPublic) && person === null ? 401 : 200;
  // A person's own validator may have been among those sent.
  expect(kind === 'conditional' ? [status, 304] : [status]).toContain(answer.status);
  if (answer.status !== 200 || kind === 'put' || kind === 'head') return;

  if (isPublic) expectNothingOf(PEOPLE, answer);
  else if (path === TEAM_PATH) expect(answer.json()).toMatchObject({ tenant: person?.tenant.id });
  else if (person !== null) expectPageOf(person, answer);
  const owner = isPublic
    ? 'everybody'
    : `${provider} ${path === TEAM_PATH ? `team ${person?.tenant.id}` : person?.sub}`;
  const render = renderOf(answer);
  expect(owners.get(render) ?? owner, path).toBe(owner);
  owners.set(render, owner);
}
