import { describe, expect, it } from 'vitest';
import { edge, edgeAs, unseen } from './support/edge.ts';
import { access } from './support/origin.ts';
import { alice, expectNothingOf, logIn, PEOPLE } from './support/people.ts';

/** Other spellings of a path, that a router, a framework or a file system may take for it. */
const SPELLINGS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `${path}//`,
  (path) => `/${path}`,
  (path) => `${path}.css`,
  (path) => `${path}/x.css`,
  (path) => `${path}/.css`,
  (path) => `${path}.`,
  (path) => `${path};x.css`,
  (path) => `${path};/x.css`,
  (path) => `${path}%00.css`,
  (path) => `${path}%0a.css`,
  (path) => `${path}%23.css`,
  (path) => `${path}%3fx.css`,
  (path) => `${path}%3bx.css`,
  (path) => `${path}%20`,
  (path) => `${path}%2e`,
  (path) => `${path}%2fx.css`,
  (path) => `${path}\\x.css`,
  (path) => path.toUpperCase(),
  (path) => path.replace('/api', '/API'),
  (path) => path.replace('api', '%61pi'),
  (path) => path.replace('api', '%2561pi'),
  (path) => path.replace('/api/', '/api//'),
  (path) => path.replace('/api/', '/api/./'),
  (path) => path.replace('/api/', '/api%2f'),
  (path) => path.replace('/api/', '/api%5c'),
  (path) => path.replace('/api/', '/api\\'),
  (path) => `/assets/..${path}`,
  (path) => `/assets/%2e%2e${path}`,
  (path) => `/assets/..%2f${path.slice(1)}`,
  (path) => `/assets/..;${path}`,
  (path) => `/./${path.slice(1)}`,
  (path) => `${path}/../${path.split('/').pop()}`,
];

describe.each(['/api/profile', '/api/payment-methods', '/api/lab/cacheable'])('%s', (path) => {
  it.each(SPELLINGS.map((spell) => spell(path)))(
    '%s never is a HIT, nor another’s page',
    async (lookalike) => {
      const target = unseen(lookalike);
      const token = await logIn(alice);
      // The victim is led to the address, then the attacker asks for it.
      for (const ask of [() => edgeAs(token, target), () => edgeAs(token, target)]) await ask();
      await edge(target, { headers: { cookie: `session=${token}` } });
      for (let i = 0; i < 3; i++) {
        const stranger = await edge(target);
        expect(stranger.cache, 'as nobody').not.toBe('HIT');
        expectNothingOf(PEOPLE, stranger);
      }
    },
  );
});

describe.each(['/preview/welcome', '/dashboard/', '/api/cms/pages'])('%s', (path) => {
  it.each(SPELLINGS.map((spell) => spell(path.replace(/\/$/, ''))).filter((lookalike) => lookalike !== path))(
    '%s never is a HIT',
    async (lookalike) => {
      const login = await edge('/cms/login', { method: 'POST', headers: access() });
      const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      const target = unseen(lookalike);
      await edge(target, { headers: { cookie } });
      await edge(target);
      expect((await edge(target)).cache).not.toBe('HIT');
    },
  );
});

it('a parameter in the path of a page, an encoded slash, a dot segment: never a HIT', async () => {
  for (const path of [
    '/pages/welcome;v=1',
    '/pages%2fwelcome',
    '/assets/../pages/welcome',
    '/pages//welcome',
    '/pages/welc%6fme%00',
  ]) {
    const target = unseen(path);
    await edge(target);
    expect((await edge(target)).cache, path).not.toBe('HIT');
  }
});
