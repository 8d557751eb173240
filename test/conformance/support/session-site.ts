import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { canaryOf, NAMES, type Name, rolesOf } from '../../session-site/accounts.ts';
import { AUTH_SECRET } from '../../session-site/token-subject.ts';
import { siteKeys } from '../../site/keys.ts';
import { createTokens } from '../../site/tokens.ts';
import { authjsCookies } from '../../support/auth-sessions.ts';
import { type Answer, type SendOptions, send } from '../../support/send.ts';
import type { SessionSite } from '../../support/start-session-site.ts';
import { supabaseCookies } from '../../support/supabase-cookies.ts';

/** Enough for a second chunk, so that the token is in both. */
const LONG = 'x'.repeat(3300);
/** Its credentials are refused in numbers: another client, so that no limit is reached for the others. */
const FORGER = { localAddress: '127.0.0.9' };

/** What one person is known by, as its header holds it. */
export interface Credential {
  readonly cookie?: string;
  readonly authorization?: string;
}

/** A kind of credential, and where it counts. */
export interface Kind {
  readonly kind: string;
  readonly path: string;
  readonly scope: string;
  /** A new one of this person. */
  readonly of: (site: SessionSite, name: Name) => Promise<Credential>;
}

export const KINDS: readonly Kind[] = [
  {
    kind: 'a session of the site',
    path: '/me',
    scope: 'user',
    async of(site, name) {
      const answer = await post(site, '/login', { name });
      const [sid] = /^sid=[^;]+/.exec(String(answer.headers['set-cookie'])) ?? [];
      if (answer.status !== 303 || sid === undefined) throw new Error(`no login: ${answer.status}`);
      return { cookie: sid };
    },
  },
  {
    kind: 'an opaque token',
    path: '/api/orders',
    scope: 'machine',
    of: async (site, name) => ({ authorization: `Bearer ${(await post(site, '/token', { name })).text}` }),
  },
  {
    kind: 'a session of Auth.js',
    path: '/authjs',
    scope: 'authjs_user',
    of: async (_, name) => ({ cookie: await authjsCookies({ sub: name }, AUTH_SECRET) }),
  },
  {
    kind: 'a session of Auth.js in chunks',
    path: '/authjs',
    scope: 'authjs_user',
    of: async (_, name) => ({ cookie: await authjsCookies({ sub: name, about: LONG }, AUTH_SECRET) }),
  },
  {
    kind: 'a cookie of Supabase',
    path: '/supabase',
    scope: 'supabase_user',
    of: async (_, name) => ({ cookie: (await supabaseCookies(await token(name))).join('; ') }),
  },
  {
    kind: 'a cookie of Supabase in chunks',
    path: '/supabase',
    scope: 'supabase_user',
    of: async (_, name) => ({ cookie: (await supabaseCookies(await token(name, LONG))).join('; ') }),
  },
];

/** Those that tell the roles of their holder. */
export const WITH_ROLES = KINDS.filter(({ path }) => path === '/me' || path === '/supabase');

/** Their roles in any order, with one that the policy does not list and nobody else has. */
async function token(name: Name, about = ''): Promise<string> {
  const roles = [...rolesOf(name), canaryOf(name), ...rolesOf(name)].sort(() => Math.random() - 0.5);
  const person = { name, sub: name, tenant: { id: 'acme' }, role: 'member' };
  return createTokens(await siteKeys()).issue(person, 'app', 900, {
    roles,
    email: `${canaryOf(name)}@example.com`,
    about,
  });
}

export function ask(
  site: SessionSite,
  target: string,
  credential: Credential = {},
  options: SendOptions = {},
) {
  return send(site.url, target, { ...options, headers: { ...credential, ...options.headers } });
}

export function post(
  site: SessionSite,
  target: string,
  form: Record<string, string>,
  credential: Credential = {},
) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return ask(site, target, credential, { method: 'POST', headers, body: String(new URLSearchParams(form)) });
}

export async function purge(
  site: SessionSite,
  scope: string,
  value: string | readonly string[],
): Promise<void> {
  const headers = { authorization: `Bearer ${site.operatorToken}` };
  const body = JSON.stringify({ scope, value });
  const { status, text } = await send(site.url, '/.edge/purge', { method: 'POST', headers, body });
  expect(status, text).toBe(200);
}

/** A request that is refused, by a client of its own. */
export async function refused(site: SessionSite, target: string, credential: Credential): Promise<void> {
  const answer = await ask(site, target, credential, FORGER);
  expect([401, 429], JSON.stringify(credential).slice(0, 80)).toContain(answer.status);
  expectNothingOf(NAMES, answer);
}

/** Two credentials in one request; of cookies both, of `Authorization` a list. */
export function both(one: Credential, other: Credential): Credential {
  const cookie = [one.cookie, other.cookie].filter((text) => text !== undefined).join('; ');
  const authorization = [one.authorization, other.authorization]
    .filter((text) => text !== undefined)
    .join(', ');
  return { ...(cookie && { cookie }), ...(authorization && { authorization }) };
}

/** One character of the token is another. */
export function altered({ cookie, authorization }: Credential): Credential {
  const other = (text: string) => {
    // Behind the header of a JWT or JWE, before what Supabase keeps beside the token.
    const at = Math.min(text.indexOf('=') + 200, text.length - 9);
    return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
  };
  return cookie === undefined ? { authorization: other(authorization ?? '') } : { cookie: other(cookie) };
}

export function unseen(path: string): string {
  return `${path}?unseen=${randomUUID()}`;
}

/** Expects a page that was made for this person and holds nothing of anybody else's. */
export function expectPageOf(name: Name, answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.text).toContain(canaryOf(name));
  expectNothingOf(
    NAMES.filter((other) => other !== name),
    answer,
  );
}

export function expectNothingOf(names: readonly Name[], { text, headers }: Answer): void {
  const everything = `${JSON.stringify(headers)}${text}`;
  for (const name of names) expect(everything).not.toContain(canaryOf(name));
}

/** The set that the origin was told of; nothing of the member who asked is in the page. */
export function setOf(answer: Answer): unknown {
  expect(answer.status).toBe(200);
  expectNothingOf(NAMES, answer);
  const { claims, headers } = answer.json<{ claims: string; headers: Record<string, string> }>();
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cookie']));
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['authorization']));
  return JSON.parse(claims)['set:roles'];
}

/** Which rendering this is, of either kind of page. */
export function renderOf({ text }: Answer): string {
  return /<p id="page">#(\d+)|"page":(\d+)/.exec(text)?.[0] ?? '';
}
