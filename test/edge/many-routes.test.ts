import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Explanation } from '../../src/explain/explanation.ts';
import { siteKeys } from '../site/keys.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { ask, loggedBy, tokenOf } from './support/client.ts';
import { echo } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let stack: ScriptedStack;
let tokens: readonly [string, string];

beforeAll(async () => {
  stack = await startScriptedStack({ name: 'many-routes', policy: 'test/edge/policies/many-routes.ts' });
  stack.origin.answer(echo);
  tokens = [await tokenOf(alice), await tokenOf(bob)];
});
afterAll(() => stack?.stop());

/** Forty areas: more routes than a sandbox keeps. */
const areas = Array.from({ length: 40 }, (_, i) => 59 - i);

it('each of a hundred routes keeps people apart and keeps what is public for everybody', async () => {
  for (const area of areas) {
    const mine = `/area-${area}/mine`;
    for (const token of tokens) {
      expect(await ask(stack.edge, token, mine)).toMatchObject({ status: 200, cache: 'MISS' });
      expect(await ask(stack.edge, token, mine)).toMatchObject({ status: 200, cache: 'HIT' });
    }
    expect((await ask(stack.edge, null, mine)).status).toBe(401);
    expect((await ask(stack.edge, null, `/Area-${area}/mine`)).status).toBe(401);
    expect((await ask(stack.edge, tokens[0], `/Area-${area}/mine`)).cache).toBe('BYPASS');
    expect((await ask(stack.edge, null, `/area-${area}/page`)).cache).toBe('MISS');
    expect((await ask(stack.edge, tokens[0], `/area-${area}/page`)).status).toBe(200);
  }
});

it('the log, explain and a purge know the last of them by name', async () => {
  const [line] = await loggedBy(stack.edge, () => ask(stack.edge, null, '/area-59/other'));
  expect(line).toMatchObject({ route: 'pages59', lane: 'public' });

  const headers = { authorization: `Bearer ${(await siteKeys()).operatorToken}` };
  const post = (path: string, order: object) =>
    ask(stack.edge, null, path, { method: 'POST', headers, body: JSON.stringify(order) });
  const explained = (await post('/.edge/explain', { path: '/area-59/other' })).json<Explanation>();
  expect(explained).toMatchObject({ route: 'pages59' });
  expect(explained.routes).toHaveLength(120);
  expect(explained.routes.filter(({ verdict }) => verdict === 'taken')).toMatchObject([{ name: 'pages59' }]);

  expect(await ask(stack.edge, null, '/area-59/other')).toMatchObject({ cache: 'HIT' });
  expect((await post('/.edge/purge', { route: 'pages59' })).status).toBe(200);
  expect(await ask(stack.edge, null, '/area-59/other')).toMatchObject({ cache: 'MISS' });
  expect((await post('/.edge/purge', { route: 'pages60' })).status).toBe(400);
});
