import { describe, expect, it } from 'vitest';
import type { Answer } from '../support/send.ts';
import { BAD_TOKENS } from './support/bad-tokens.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { expectOriginRequests } from './support/origin.ts';
import { PERSONAL_PATHS, SENSITIVE_PATH, TEAM_PATH } from './support/pages.ts';
import { alice, expectNothingOf, logIn, PEOPLE } from './support/people.ts';

const SCOPED_PATHS = [...PERSONAL_PATHS, SENSITIVE_PATH, TEAM_PATH];

function expectRefusal(answer: Answer, challenge: string): void {
  expect(answer.status).toBe(401);
  expect(answer.headers['www-authenticate']).toBe(challenge);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['cache-control']).toBe('private, no-store, max-age=0');
  expect(answer.cache).toBe('ERROR');
  expect(answer.json()).toMatchObject({ type: 'about:blank', status: 401, title: expect.any(String) });
  expectNothingOf(PEOPLE, answer);
}

describe.each(SCOPED_PATHS)('%s', (path) => {
  it('without a token is 401 with a bare challenge, and the origin is not asked', async () => {
    // Alice's page is there to be had.
    const target = unseen(path);
    await edgeAs(await logIn(alice), target);
    expectRefusal(await expectOriginRequests(0, () => edge(target)), 'Bearer');
  });

  it('with an expired token is 401 invalid_token, and the origin is not asked', async () => {
    const target = unseen(path);
    await edgeAs(await logIn(alice), target);
    const token = await logIn(alice, { expiresInSeconds: -60 });
    const answer = await expectOriginRequests(0, () => edgeAs(token, target));
    expectRefusal(answer, 'Bearer error="invalid_token"');
  });
});

describe.each(Object.keys(BAD_TOKENS))('a token that %s', (why) => {
  it.each(['GET', 'HEAD', 'PUT', 'DELETE'])('is refused in the header of a %s', async (method) => {
    const target = unseen('/api/profile');
    await edgeAs(await logIn(alice), target);
    const token = (await BAD_TOKENS[why]?.()) ?? '';
    const answer = await expectOriginRequests(0, () => edgeAs(token, target, { method }));
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    if (method !== 'HEAD') expectRefusal(answer, 'Bearer error="invalid_token"');
  });

  it('is refused in the cookie', async () => {
    const target = unseen('/api/profile');
    await edgeAs(await logIn(alice), target);
    const token = (await BAD_TOKENS[why]?.()) ?? '';
    const answer = await expectOriginRequests(0, () =>
      edge(target, { headers: { cookie: `session=${token}` } }),
    );
    expectRefusal(answer, 'Bearer error="invalid_token"');
  });
});

it('a valid token anywhere but where its provider sends it is no credential', async () => {
  const token = await logIn(alice);
  const target = unseen('/api/orders');
  await edgeAs(token, target);
  const elsewhere = [
    edge(`${target}&access_token=${token}`),
    edge(target, { headers: { cookie: `sessions=${token}; xsession=${token}` } }),
    edge(target, { headers: { 'x-authorization': `Bearer ${token}`, 'x-session': token } }),
  ];
  for (const answer of await Promise.all(elsewhere)) expectRefusal(answer, 'Bearer');
});

it.each(['cms_session', 'auth_token'])(
  'a forged CMS cookie (%s) never skips a verification',
  async (name) => {
    const headers = { cookie: `${name}=forged` };
    const unsigned = (await BAD_TOKENS['says that it needs no signature']?.()) ?? '';
    for (const path of SCOPED_PATHS) {
      const target = unseen(path);
      await edgeAs(await logIn(alice), target);
      const missing = await expectOriginRequests(0, () => edge(target, { headers }));
      expectRefusal(missing, 'Bearer');
      const invalid = await expectOriginRequests(0, () => edgeAs(unsigned, target, { headers }));
      expectRefusal(invalid, 'Bearer error="invalid_token"');
    }
  },
);

it('the message of a refusal says nothing of the token', async () => {
  const token = (await BAD_TOKENS['names another subject under the old signature']?.()) ?? '';
  const answer = await edgeAs(token, unseen('/api/orders'));
  const everything = JSON.stringify(answer.headers) + answer.text;
  for (const part of token.split('.')) expect(everything).not.toContain(part);
  expect(everything).not.toMatch(/signature|\bsub\b|stack|ERR_/i);
});
