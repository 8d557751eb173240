import { afterAll, beforeAll, expect, it } from 'vitest';
import { canaryOf, PEOPLE, type Person } from '../site/people.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ service: { name: 'forgetful', entry: 'test/edge/services/forgetful.ts' } });
});
afterAll(() => stack?.stop());

it('the planted bug is there: two people have one entry', async () => {
  const target = unseen('/api/orders');
  const token = await tokenOf(alice);
  expect((await ask(stack.edge, token, target)).cache).toBe('MISS');
  expect((await ask(stack.edge, token, target)).cache).toBe('HIT');
  const [line] = await loggedBy(stack.edge, async () => ask(stack.edge, await tokenOf(bob), target));
  expect(line?.detail).toBe('leak-guard');
});

it('a stored page of somebody else is not served: the request passes, and the log says leak-guard', async () => {
  const target = unseen('/api/orders');
  const [ofAlice, ofBob] = [await tokenOf(alice), await tokenOf(bob)];
  const planted = await ask(stack.edge, ofAlice, target);
  expect(planted.text).toContain(canaryOf(alice));

  const lines = await loggedBy(stack.edge, async () => {
    const answer = await ask(stack.edge, ofBob, target, {
      // Nor is it confirmed to whoever has it.
      headers: { 'if-none-match': String(planted.headers.etag) },
    });
    expect(answer.status).toBe(200);
    expect(answer.cache).toBe('BYPASS');
    expect(answer.text).toContain(canaryOf(bob));
    expect(answer.text).not.toContain(canaryOf(alice));
  });
  expect(lines[0]).toMatchObject({ route: 'orders', state: 'BYPASS', detail: 'leak-guard', status: 200 });
});

it.each(['/api/lab/cacheable', '/api/lab/vary-encoding'])(
  'a stored page of somebody else is dropped: its owner does not hit it either (%s)',
  async (path) => {
    const target = unseen(path);
    const [ofAlice, ofBob] = [await tokenOf(alice), await tokenOf(bob)];
    const planted = await ask(stack.edge, ofAlice, target);
    expect((await ask(stack.edge, ofAlice, target)).cache).toBe('HIT');
    await ask(stack.edge, ofBob, target);

    const next = await ask(stack.edge, ofAlice, target);
    expect(next.cache).not.toBe('HIT');
    expect(next.text).toContain(canaryOf(alice));
    expect(next.text).not.toBe(planted.text);
  },
);

it('whoever waited for the page of somebody else gets their own', async () => {
  const target = unseen('/api/lab/slow?ms=400');
  const tokens = [await tokenOf(alice), await tokenOf(bob)];
  const answers = await Promise.all(
    [0, 1, 0, 1, 0, 1].map(async (i) => ({ i, answer: await ask(stack.edge, tokens[i] as string, target) })),
  );
  for (const { i, answer } of answers) {
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(canaryOf(i === 0 ? alice : bob));
    expect(answer.text).not.toContain(canaryOf(i === 0 ? bob : alice));
  }
});
