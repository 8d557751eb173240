import { definePolicy } from 'claimcache';

/**
 * What your site caches, for whom, and for how long. This is the file to edit; `npm run build` refuses a policy that
 * could leak. As it stands it serves the demo.
 */
export default definePolicy({
  // Which backend of fastly.toml answers which paths, and what the edge proves itself with to it.
  origins: {
    app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } },
  },

  // Editors: their traffic goes straight to the origin, so drafts are always right.
  cms: {
    // The demo's dashboard sets `without_cache` to show the difference.
    cookies: ['cms_session', 'auth_token', 'without_cache'],
    paths: ['/dashboard/**', '/preview/**', '/api/cms/**'],
    bearer: true,
  },

  // Whose tokens count, and what makes one valid.
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'https://app.demo.example',
      audience: 'claimcache-demo',
      clockToleranceSeconds: 5,
    },
    partner: {
      algorithms: ['RS256'],
      keys: { configStore: 'claimcache_config', item: 'partner_jwks' },
      issuer: 'https://partner.demo.example',
      audience: 'claimcache-demo',
      clockToleranceSeconds: 5,
    },
    // No token: the edge asks the origin whose session it is, once for as long as the answer counts.
    members: {
      session: {
        cookie: 'members_session',
        backend: 'origin',
        path: '/edge/whoami',
        host: 'members.demo.example',
      },
    },
  },

  // Which verified claims partition the cache. `user:42` is what purges one person.
  scopes: {
    user: { claims: 'sub', providers: ['app', 'partner'] },
    team: { claims: ['tenant.id', 'role'], providers: ['app', 'partner'], shared: true },
    member: { claims: 'sub', providers: ['members'] },
  },

  // The most specific pattern wins. Paths without a route are public, as fresh as the origin says.
  routes: {
    dashboard: {
      path: '/api/dashboard',
      scope: 'user',
      ttlSeconds: { max: 300 },
      staleWhileRevalidateSeconds: 60,
      staleIfErrorSeconds: 600,
    },
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: { max: 600 }, staleIfErrorSeconds: 600 },
    profile: { path: '/api/profile', scope: 'user', ttlSeconds: { max: 1800 } },
    payment_methods: { path: '/api/payment-methods', scope: 'user', cache: false },
    team_report: {
      path: '/api/team/report',
      scope: 'team',
      ttlSeconds: { max: 300 },
      browserTtlSeconds: 30,
    },
    // Who is signed in, and signing in and out: answered for nobody too.
    session: { path: '/api/session', scope: 'user', cache: false, onMissing: 'pass', onInvalid: 'pass' },
    // Another token for the same person. Without a route it would be judged as a write on the session above it, and purge.
    session_refresh: { path: '/api/session/refresh', lane: 'pass' },
    // GraphQL, POSTed or not: kept per person, purged by `type:Todo`, by person, and after a mutation.
    graphql: {
      path: '/graphql',
      scope: 'user',
      graphql: {
        types: { Todo: { ttlSeconds: 60 } },
        fields: { todos: { types: ['Todo'] }, todo: { types: ['Todo'] }, me: { ttlSeconds: 300 } },
        unknownHash: 'ask',
      },
    },
    // The second site of the demo. Who is not signed in gets the form, which is the same for everybody.
    members: {
      path: '/members/**',
      scope: 'member',
      ttlSeconds: { max: 300 },
      onMissing: 'public',
      onInvalid: 'public',
    },
    members_sign_in: { path: '/members/sign-in', lane: 'pass' },
    members_sign_out: { path: '/members/sign-out', lane: 'pass' },
    lab: { path: '/api/lab/:mode', scope: 'user' },
    pages: { path: '/pages/:slug', lane: 'public', staleWhileRevalidateSeconds: 30 },
    web: { path: '/app/**', lane: 'public', query: 'none' },
    assets: { path: '/assets/**', lane: 'public', query: 'none' },
  },

  // Parameters that never change a page.
  // Pages that no route names are the same for everybody here.
  fallback: 'public',
  ignoreQuery: ['utm_*', 'gclid', 'fbclid'],
});
