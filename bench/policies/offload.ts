import { definePolicy } from '../../src/policy/define.ts';

/** The test site's personal and shared routes, as fresh as the bench's origin says; and one that may be served while it is refreshed. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
      issuer: 'https://hmac.test',
    },
  },
  scopes: { user: { claims: 'sub' }, team: { claims: 'team', shared: true } },
  routes: {
    personal: { path: '/api/:page', scope: 'user' },
    report: { path: '/api/report', scope: 'team' },
    refreshed: { path: '/swr/:page', scope: 'user', staleWhileRevalidateSeconds: 60 },
  },
});
