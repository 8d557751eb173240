import { definePolicy } from '../../src/policy/define.ts';

/** The demo's personal routes, as fresh as the bench's origin says. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'https://app.demo.example',
      audience: 'claimcache-demo',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: { personal: { path: '/api/:page', scope: 'user' } },
});
