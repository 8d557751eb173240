import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedLane, sharing } from '../../../cli/audit/expected-lane.ts';
import { ANONYMOUS } from '../../../cli/audit/read-personas.ts';
import { targetsOf } from '../../../cli/audit/targets.ts';
import type { Persona, Target } from '../../../cli/audit/types.ts';
import { decisionOf, policy, router, verified } from '../support/pipeline.ts';

const PATHS = [
  '/',
  '/api/orders',
  '/api/orders/7',
  '/api/payment',
  '/api/report',
  '/api/open',
  '/live',
  '/search',
  '/assets/x',
  '/preview/x',
];
const target = (path: string): Target => {
  const found = targetsOf(policy, router, [path]).targets.find((each) => each.path === path);
  if (found === undefined) throw new Error(path);
  return found;
};
const persona = (changes: Partial<Persona>): Persona => ({
  ...ANONYMOUS,
  name: 'x',
  kind: 'user',
  ...changes,
});
const bearer = persona({ credential: { authorization: 'Bearer t' } });
const cookie = persona({ credential: { cookie: 'session=t' } });
const editor = persona({ kind: 'editor', credential: { cookie: 'cms_session=x' } });
const PEOPLE: [string, Persona, boolean][] = [
  ['nobody', ANONYMOUS, false],
  ['a user by header', bearer, true],
  ['a user by cookie', cookie, true],
  ['an editor', editor, false],
];

describe('the lane that is expected', () => {
  // Written from docs/concepts/lanes.md by itself, it has to agree with the code that decides.
  test.each(
    PATHS.flatMap((path) => PEOPLE.map(([who, of, isVerified]) => [path, who, of, isVerified] as const)),
  )('of %s for %s is the one that the edge decides', (path, _who, of, isVerified) => {
    const decision = decisionOf(path, {
      headers: { ...of.credential },
      identity: isVerified ? verified() : { kind: 'missing' },
    });
    const expected = expectedLane(policy, target(path), of);
    expect(expected.lane).toBe(decision.lane);
    if (decision.lane === 'pass') expect(expected.authenticated).toBe(decision.authenticated);
  });

  test('of a forged token it is what the route does with invalid ones', () => {
    const impostor = persona({ kind: 'impostor', credential: { authorization: 'Bearer forged' } });
    for (const path of PATHS) {
      const identity = { kind: 'invalid', code: 'ERR_TOKEN_SIGNATURE' } as const;
      const decision = decisionOf(path, { headers: { ...impostor.credential }, identity });
      expect(expectedLane(policy, target(path), impostor).lane).toBe(decision.lane);
    }
  });
});

describe('who may share a page', () => {
  const of = (group?: string) =>
    persona({ credential: bearer.credential, groups: new Map(group === undefined ? [] : [['*', group]]) });
  test('two people never share what is for one', () => {
    fc.assert(
      fc.property(
        fc.option(fc.string(), { nil: undefined }),
        fc.option(fc.string(), { nil: undefined }),
        (a, b) => {
          expect(sharing(policy, target('/api/orders'), of(a), of(b))).toBe('apart');
        },
      ),
    );
  });
  test('a bucket of several is for those of one group, and where nothing is said nobody knows', () => {
    const report = target('/api/report');
    expect(sharing(policy, report, of('acme'), of('acme'))).toBe('shared');
    expect(sharing(policy, report, of('acme'), of('other'))).toBe('apart');
    expect(sharing(policy, report, of('acme'), of())).toBe('unknown');
    expect(sharing(policy, report, of('acme'), ANONYMOUS)).toBe('apart');
  });
  test('on the public lane all do, but for those who pass', () => {
    expect(sharing(policy, target('/'), ANONYMOUS, cookie)).toBe('shared');
    expect(sharing(policy, target('/'), ANONYMOUS, bearer)).toBe('apart');
    expect(sharing(policy, target('/'), editor, ANONYMOUS)).toBe('apart');
  });
});
