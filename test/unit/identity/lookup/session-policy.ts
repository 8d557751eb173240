import { definePolicy } from '../../../../src/policy/define.ts';
import type { SessionInput } from '../../../../src/policy/providers/lookup-rule.ts';
import { type TestEdge, testEdge } from '../../../../src/testing/test-edge.ts';

export const WHOAMI = '/edge/whoami';

/** A site with session cookies: a page of each person, and one of each team. */
export function sessionPolicy(session: Partial<SessionInput> = {}, provider: object = {}) {
  return definePolicy({
    hosts: ['www.test'],
    origins: { app: { backend: 'origin' } },
    providers: {
      site: { session: { cookie: 'sid', backend: 'origin', path: WHOAMI, ...session }, ...provider },
    },
    scopes: { user: { claims: 'sub' }, team: { claims: 'team', shared: true } },
    routes: {
      mine: { path: '/mine/**', scope: 'user', ttlSeconds: 300 },
      home: {
        path: '/home',
        scope: 'user',
        ttlSeconds: 300,
        onMissing: 'public',
        onInvalid: 'public',
      },
      team: { path: '/team', scope: 'team', ttlSeconds: 300 },
      login: { path: '/login', lane: 'pass' },
    },
  });
}

export interface Site {
  readonly edge: TestEdge;
  /** What the endpoint answers about a cookie. */
  readonly sessions: Map<string, () => Response | Promise<Response>>;
  /** The `Cookie` fields that the endpoint was asked with. */
  asked(): readonly (string | null)[];
  readonly get: (sid: string | null, path?: string, init?: { method?: string }) => Promise<Response>;
}

export const person =
  (claims: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(claims), { headers: { 'content-type': 'application/json', ...headers } });

/** Before an origin whose sessions a test writes down. Everything else it answers with the cookie that it got. */
export async function startSite(
  policy = sessionPolicy(),
  page: (request: Request) => Response | null = () => null,
): Promise<Site> {
  const sessions = new Map<string, () => Response | Promise<Response>>();
  const edge = await testEdge(policy, {
    now: Date.UTC(2026, 0, 1),
    origin: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === WHOAMI) {
        const sid = /^sid=(.*)$/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';
        return (sessions.get(sid) ?? (() => new Response('who?', { status: 401 })))();
      }
      return (
        page(request) ??
        new Response(`page for ${request.headers.get('cookie') ?? 'nobody'}`, {
          headers: { 'cache-control': 'private, max-age=300' },
        })
      );
    },
  });
  return {
    edge,
    sessions,
    asked: () =>
      edge.originRequests
        .filter(({ url }) => new URL(url).pathname === WHOAMI)
        .map(({ headers }) => headers.get('cookie')),
    get: (sid, path = '/mine/page', init = {}) =>
      edge.fetch(path, { ...init, headers: sid === null ? {} : { cookie: `sid=${sid}` } }),
  };
}
