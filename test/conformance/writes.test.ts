import { describe, expect, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests, underWay } from './support/origin.ts';
import { PERSONAL_PATHS, renderOf } from './support/pages.ts';
import { alice, bob, expectPageOf, logIn } from './support/people.ts';
import { propagated } from './support/purge.ts';
import { warm } from './support/warm.ts';

const JSON_BODY = { 'content-type': 'application/json' };
const newName = () => ({ headers: JSON_BODY, body: JSON.stringify({ displayName: `Alice ${Date.now()}` }) });

it("a person's PUT to the profile: their next GET of the profile and of the dashboard is a MISS with the new name", async () => {
  const targets = ['/api/profile', '/api/dashboard'].map(unseen);
  const [token, other] = [await logIn(alice), await logIn(bob)];
  for (const target of targets) {
    await warm(token, target);
    await warm(other, target);
  }

  const write = newName();
  const written = await edgeAs(token, '/api/profile', { method: 'PUT', ...write });
  expect(written.status).toBe(200);
  expect(written.cache).toBe('BYPASS');
  await propagated();

  for (const target of targets) {
    const answer = await edgeAs(token, target);
    expect(answer.cache, target).toBe('MISS');
    expect(answer.json()).toMatchObject(JSON.parse(write.body));
    expectPageOf(alice, answer);
    expect((await edgeAs(other, target)).cache, `${target} of somebody else`).toBe('HIT');
  }
});

it('a write of a person with a token in the cookie purges too', async () => {
  const target = unseen('/api/dashboard');
  const token = await logIn(alice);
  await warm(token, target);
  const { headers, body } = newName();
  const cookie = { cookie: `session=${token}`, ...headers };
  expect((await edge('/api/profile', { method: 'PUT', headers: cookie, body })).status).toBe(200);
  await propagated();
  expect((await edgeAs(token, target)).cache).toBe('MISS');
});

it('a write that an editor cookie comes with purges all the same', async () => {
  const target = unseen('/api/dashboard');
  const token = await logIn(alice);
  await warm(token, target);
  const { headers, body } = newName();
  const sent = { cookie: 'cms_session=forged', ...headers };
  expect((await edgeAs(token, '/api/profile', { method: 'PUT', headers: sent, body })).status).toBe(200);
  await propagated();
  expect((await edgeAs(token, target)).cache).toBe('MISS');
});

describe('what the origin answers to a write decides', () => {
  it.each([
    ['400', '/api/profile', 'PUT', '{"displayName":""}', 400, 'HIT'],
    ['404', '/api/lab/no-such-mode', 'PUT', '{}', 404, 'HIT'],
    ['500', '/api/lab/error-500', 'POST', '{}', 500, 'MISS'],
    ['200', '/api/lab/no-store', 'PATCH', '{}', 200, 'MISS'],
  ])('%s', async (_what, path, method, body, status, then) => {
    const targets = PERSONAL_PATHS.map(unseen);
    const token = await logIn(alice);
    for (const target of targets) await warm(token, target);
    const write = await edgeAs(token, path, { method, headers: JSON_BODY, body });
    expect(write.status).toBe(status);
    await propagated();
    for (const target of targets) expect((await edgeAs(token, target)).cache, target).toBe(then);
  });
});

it('a write never is answered from the cache, and its answer never is stored', async () => {
  const target = unseen('/api/lab/cacheable');
  const token = await logIn(alice);
  const answers = await expectOriginRequests(2, async () => [
    await edgeAs(token, target, { method: 'POST' }),
    await edgeAs(token, target, { method: 'POST' }),
  ]);
  expect(answers.map(({ cache }) => cache)).toEqual(['BYPASS', 'BYPASS']);
  const page = await edgeAs(token, target);
  expect(page.cache).toBe('MISS');
  for (const answer of answers) expect(renderOf(page)).not.toBe(renderOf(answer));
});

it('a page that left the origin before a write does not outlive it', async () => {
  const target = unseen('/api/lab/slow?ms=1500');
  const token = await logIn(alice);
  const overtaken = await underWay('GET /api/lab/slow', () => edgeAs(token, target));
  expect((await edgeAs(token, '/api/profile', { method: 'PUT', ...newName() })).status).toBe(200);
  await propagated();
  const old = await overtaken.answer;
  expect(old.cache).toBe('MISS');
  const next = await edgeAs(token, target);
  expect(next.cache).toBe('MISS');
  expect(renderOf(next)).not.toBe(renderOf(old));
});
