import { afterAll, beforeAll, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../site/people.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ secrets: { operator_token: null, fingerprint_key: null, app_hs256: null } });
});
afterAll(() => stack?.stop());

it('without an operator token in the Secret Store the purge endpoint is off: 404 for everybody', async () => {
  for (const authorization of [undefined, 'Bearer ', 'Bearer null', 'Bearer undefined', 'Bearer x']) {
    const answer = await ask(stack.edge, null, '/.edge/purge', {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
      body: '{"scope":"user","value":"42"}',
    });
    expect(answer.status, authorization).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  }
});

it("without a provider's key nobody of it is let in, and the origin is not asked", async () => {
  const answer = await ask(stack.edge, await tokenOf(alice), unseen('/api/orders'));
  expect([401, 503]).toContain(answer.status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  const unsigned = await ask(
    stack.edge,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
    '/api/orders',
  );
  expect([401, 503]).toContain(unsigned.status);
  expect(await requestsAtOrigin()).toBe(0);
});

it('without a fingerprint key pages are still kept apart, and the log has no digest that could be guessed', async () => {
  const target = unseen('/api/orders');
  const [ofAlice, ofBob] = [
    await tokenOf(alice, { provider: 'partner' }),
    await tokenOf(bob, { provider: 'partner' }),
  ];
  const lines = await loggedBy(stack.edge, async () => {
    for (const [person, token] of [
      [alice, ofAlice],
      [bob, ofBob],
    ] as const) {
      for (const state of ['MISS', 'HIT']) {
        const answer = await ask(stack.edge, token, target);
        expect(answer.cache).toBe(state);
        expect(answer.text).toContain(canaryOf(person));
      }
    }
  });
  expect(lines.map(({ fingerprint }) => fingerprint)).toEqual([null, null, null, null]);
});

async function requestsAtOrigin(): Promise<number> {
  const answer = await fetch(`${stack.originUrl}/__origin/requests`);
  return ((await answer.json()) as { total: number }).total;
}
