import { expect, it } from 'vitest';
import { edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { renderOf, TEAM_PATH } from './support/pages.ts';
import { alice, bob, carol, logIn } from './support/people.ts';

it('two members of a tenant share the report of their team', async () => {
  const target = unseen(TEAM_PATH);
  const first = await edgeAs(await logIn(alice), target);
  expect(first.cache).toBe('MISS');
  expect(first.json()).toMatchObject({ tenant: 'acme', role: 'member', canary: 'canary-team-acme-member' });

  const token = await logIn(bob);
  const second = await expectOriginRequests(0, () => edgeAs(token, target));
  expect(second.cache).toBe('HIT');
  expect(renderOf(second)).toBe(renderOf(first));
});

it('another tenant has a report of its own', async () => {
  const target = unseen(TEAM_PATH);
  await edgeAs(await logIn(alice), target);
  const other = await edgeAs(await logIn(carol), target);
  expect(other.cache).toBe('MISS');
  expect(other.json()).toMatchObject({ tenant: 'globex', canary: 'canary-team-globex-member' });
  expect(other.text).not.toContain('acme');
});

it("a team's response that says private is not shared", async () => {
  const target = unseen(`${TEAM_PATH}?visibility=private`);
  const [ofAlice, ofBob] = [await logIn(alice), await logIn(bob)];
  const answers = await expectOriginRequests(3, async () => [
    await edgeAs(ofAlice, target),
    await edgeAs(ofBob, target),
    await edgeAs(ofAlice, target),
  ]);
  expect(answers.map(({ cache }) => cache)).toEqual(['MISS', 'MISS', 'MISS']);
  expect(new Set(answers.map(renderOf)).size).toBe(3);
});
