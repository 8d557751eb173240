import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalKeys } from '../../scripts/local-keys.ts';
import { type Account, newAccounts } from './accounts.ts';
import { subjectOfToken } from './token-subject.ts';

export interface SessionOrigin {
  readonly url: string;
  readonly accounts: ReadonlyMap<string, Account>;
  /** By the session cookie. */
  readonly sessions: Map<string, { readonly account: Account; readonly since: number }>;
  /** The session cookies that it was asked about, in order. */
  readonly asked: string[];
  /** The requests so far, but for Viceroy's own look whether anybody is there. */
  readonly requests: readonly IncomingMessage[];
  /** What it answers about one session from now on; null: what is true. */
  script(sid: string, listener: RequestListener | null): void;
  stop(): Promise<void>;
}

/**
 * A site with sessions: login, logout, and pages of whoever is signed in. Whose page it is follows from the credential that it got, read as
 * the library reads it that has made it, and never from what the edge says.
 */
export async function startSessionOrigin({
  originSecret,
  appSecret,
}: Pick<LocalKeys, 'originSecret' | 'appSecret'>): Promise<SessionOrigin> {
  const accounts = newAccounts();
  /** Whose opaque tokens there are. */
  const opaque = new Map<string, string>();
  const sessions: SessionOrigin['sessions'] = new Map();
  const scripts = new Map<string, RequestListener>();
  const asked: string[] = [];
  const requests: IncomingMessage[] = [];
  let pages = 0;

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://origin');
    if (request.method !== 'HEAD') requests.push(request);
    if (pathname === '/token/introspection') return introspect(request, response);
    if (request.headers['x-origin-secret'] !== originSecret) return send(response, 403, 'only for the edge');
    const sid = /(?:^|; )sid=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const byToken = await subjectOfToken(pathname, request.headers, appSecret);
    const account =
      pathname === '/api/orders'
        ? accounts.get(opaque.get(bearer) ?? '')
        : byToken === undefined
          ? sessions.get(sid)?.account
          : accounts.get(byToken ?? '');
    if (pathname === '/edge/whoami') {
      asked.push(sid);
      const scripted = scripts.get(sid);
      if (scripted !== undefined) return scripted(request, response);
      return whoami(response, sid);
    }
    if (pathname === '/token' && request.method === 'POST') return issue(request, response);
    if (pathname === '/login' && request.method === 'POST') return login(request, response, sid);
    if (pathname === '/login') return send(response, 200, FORM);
    if (pathname === '/logout' && request.method === 'POST') {
      sessions.delete(sid);
      return send(response, 303, '', {
        location: '/login',
        'set-cookie': 'sid=; Path=/; Max-Age=0; HttpOnly',
      });
    }
    if (pathname === '/me/role' && request.method === 'POST' && account !== undefined) {
      account.role = 'admin';
      return send(response, 204, '');
    }
    pages += 1;
    if (pathname === '/team') {
      const { team = 'none' } = JSON.parse(String(request.headers['x-claimcache-claims'] ?? '{}'));
      return send(response, 200, `team ${team} #${pages}`, { 'cache-control': 'public, max-age=300' });
    }
    if (pathname === '/staff') {
      // All that it was asked with, so that nothing of a member can hide.
      const asked = JSON.stringify({
        page: pages,
        claims: request.headers['x-claimcache-claims'],
        headers: request.headers,
      });
      return send(response, 200, asked, { 'cache-control': 'public, max-age=300' });
    }
    if (account !== undefined) {
      const body = `<!doctype html><title>${account.sub}</title><h1>Hello ${account.sub}</h1><p id="canary">${account.canary}</p>
<p id="role">${account.role}</p><p id="page">#${pages}</p><form method="post" action="/logout"><button>Log out</button></form>`;
      return send(response, 200, body, { 'cache-control': 'private, max-age=300' });
    }
    // Logged out while the edge, which had asked before, was on its way.
    if (pathname === '/me') return send(response, 401, 'log in', { 'cache-control': 'no-store' });
    if (pathname === '/')
      return send(response, 200, `welcome #${pages}`, { 'cache-control': 'public, max-age=300' });
    return send(response, 200, `page #${pages}`, { 'cache-control': 'private, max-age=300' });
  });

  function whoami(response: ServerResponse, sid: string): void {
    const session = sessions.get(sid);
    const { sub, team, role, canary, roles = [] } = session?.account ?? {};
    // In any order, and with one that nobody else has.
    const held = [...roles, canary].sort(() => Math.random() - 0.5);
    const claims = JSON.stringify({ sub, team, role, roles: held, iat: session?.since });
    send(response, session === undefined ? 401 : 200, claims, {
      'content-type': 'application/json',
      'cache-control': 'private, max-age=60',
    });
  }

  /** RFC 7662: whose token it is. */
  async function introspect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const client_id = opaque.get((await formOf(request)).get('token') ?? '');
    const known = { active: true, client_id, iss: 'http://127.0.0.1', scope: 'orders' };
    send(response, 200, JSON.stringify(client_id === undefined ? { active: false } : known), {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
  }

  async function issue(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = randomUUID();
    opaque.set(token, (await formOf(request)).get('name') ?? '');
    send(response, 200, token);
  }

  async function login(request: IncomingMessage, response: ServerResponse, before: string): Promise<void> {
    const account = accounts.get((await formOf(request)).get('name') ?? '');
    if (account === undefined) return send(response, 422, 'who?');
    sessions.delete(before);
    const sid = randomUUID();
    sessions.set(sid, { account, since: Math.floor(Date.now() / 1000) });
    send(response, 303, '', { location: '/me', 'set-cookie': `sid=${sid}; Path=/; HttpOnly; SameSite=Lax` });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accounts,
    sessions,
    asked,
    requests,
    script(sid, listener) {
      if (listener === null) scripts.delete(sid);
      else scripts.set(sid, listener);
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const FORM = `<!doctype html><title>Log in</title><form method="post"><input name="name" aria-label="Name"><button>Log in</button></form>`;

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let form = '';
  for await (const chunk of request) form += String(chunk);
  return new URLSearchParams(form);
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}
