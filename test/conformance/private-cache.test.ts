import { describe, expect, it } from 'vitest';
import { createPrivateCache } from '../support/private-cache.ts';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { PERSONAL_PATHS, SENSITIVE_PATH, TEAM_PATH } from './support/pages.ts';
import { alice, bob, canaryOf, carol, logIn, type Person } from './support/people.ts';

/** How the person at the machine is known. */
const credentials = {
  header: async (person: Person) => ({ authorization: `Bearer ${await logIn(person)}` }),
  cookie: async (person: Person) => ({ cookie: `session=${await logIn(person)}` }),
} as const;

describe.each(['header', 'cookie'] as const)(
  'a client with a private cache and the token in a %s',
  (place) => {
    it.each([...PERSONAL_PATHS, SENSITIVE_PATH])(
      'after a change of user shows no page of the first one on %s',
      async (path) => {
        const target = unseen(path);
        const view = createPrivateCache(edge);
        const [first, second] = [await credentials[place](alice), await credentials[place](bob)];
        for (let i = 0; i < 3; i++) expect((await view(target, first)).text).toContain(canaryOf(alice));

        for (let i = 0; i < 3; i++) {
          const { text } = await view(target, second);
          expect(text).toContain(canaryOf(bob));
          expect(text).not.toContain(canaryOf(alice));
        }
        expect((await view(target, first)).text).toContain(canaryOf(alice));
      },
    );

    it('after a logout shows no page of the user', async () => {
      const target = unseen('/api/orders');
      const view = createPrivateCache(edge);
      await view(target, await credentials[place](alice));
      const { text, from } = await view(target, {});
      expect(from).toBe('network');
      expect(text).not.toContain(canaryOf(alice));
    });

    it('after a change of team shows no report of the first one', async () => {
      const target = unseen(TEAM_PATH);
      const view = createPrivateCache(edge);
      expect((await view(target, await credentials[place](alice))).text).toContain('acme');
      expect((await view(target, await credentials[place](carol))).text).not.toContain('acme');
    });
  },
);

it('the same user is spared the second download: the page is revalidated', async () => {
  const target = unseen('/api/orders');
  const view = createPrivateCache(edge);
  const headers = await credentials.header(alice);
  const first = await view(target, headers);
  const second = await view(target, headers);
  expect([first.from, second.from]).toEqual(['network', 'revalidated']);
  expect(second.text).toBe(first.text);
});

it("another's validator never confirms another's page", async () => {
  const target = unseen('/api/orders');
  const [ofAlice, ofBob] = [await logIn(alice), await logIn(bob)];
  const page = await edgeAs(ofAlice, target);
  const headers = {
    'if-none-match': String(page.headers.etag),
    'if-modified-since': new Date().toUTCString(),
  };
  for (const answer of [await edgeAs(ofBob, target, { headers }), await edgeAs(ofBob, target, { headers })]) {
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(canaryOf(bob));
  }
  expect((await edge(target, { headers })).status).toBe(401);
});
