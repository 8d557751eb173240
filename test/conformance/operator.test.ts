import { describe, expect, inject, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { alice, logIn } from './support/people.ts';
import { canPurge } from './support/purge.ts';
import { warm } from './support/warm.ts';

describe.runIf(canPurge)('with the credential of the operator', () => {
  it.each([
    ['no JSON', 'user:42'],
    ['nothing', ''],
    ['an unknown scope', '{"scope":"nobody","value":"42"}'],
    ['an unknown route', '{"route":"nowhere"}'],
    ['too few values', '{"scope":"team","value":"acme"}'],
    ['a value that no claim has', '{"scope":"user","value":{"$ne":null}}'],
    ['a key with a space', '{"keys":["user:42 user:43"]}'],
    ['no keys', '{"keys":[]}'],
    ['more than it knows', '{"keys":["user:42"],"everything":true}'],
  ])('an order of %s is 400, and purges nothing', async (_what, body) => {
    const target = unseen('/api/orders');
    const token = await logIn(alice);
    await warm(token, target);
    const headers = { authorization: `Bearer ${inject('operatorToken')}` };
    const answer = await edge('/.edge/purge', { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect((await edgeAs(token, target)).cache).toBe('HIT');
  });
});

describe.runIf(canPurge)('without the credential of the operator', () => {
  it.each<[string, () => Promise<Record<string, string>>]>([
    ['no credential', async () => ({})],
    ["a user's token", async () => ({ authorization: `Bearer ${await logIn(alice)}` })],
    ['another token', async () => ({ authorization: 'Bearer wrong' })],
    ['an empty token', async () => ({ authorization: 'Bearer ' })],
    ['the token in another scheme', async () => ({ authorization: `Basic ${inject('operatorToken')}` })],
    [
      'the token with something after it',
      async () => ({ authorization: `Bearer ${inject('operatorToken')}x` }),
    ],
    ['the token in a cookie', async () => ({ cookie: `operator_token=${inject('operatorToken')}` })],
  ])('%s: a purge is 401, the origin is not asked, and nothing is purged', async (_what, headers) => {
    const target = unseen('/api/orders');
    const token = await logIn(alice);
    await warm(token, target);
    const sent = await headers();
    const answer = await expectOriginRequests(0, () =>
      edge('/.edge/purge', { method: 'POST', headers: sent, body: '{"scope":"user","value":"42"}' }),
    );
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect((await edgeAs(token, target)).cache).toBe('HIT');
  });
});

it('nothing under the prefix of the operator reaches the origin', async () => {
  for (const path of ['/.edge/', '/.edge/purge', '/.edge/anything', '/.edge/purge/x']) {
    const answer = await expectOriginRequests(0, () => edge(path));
    expect([401, 404], path).toContain(answer.status);
  }
  expect((await edge('/.edge/health')).json()).toEqual({ status: 'ok' });
});
