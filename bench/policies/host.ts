import { definePolicy } from '../../src/policy/define.ts';

/** One personal route, and tokens that the host can verify: what verifies the others in JavaScript is not in memory. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'] },
  providers: {
    hmac: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
      issuer: 'https://hmac.test',
    },
    asymmetric: {
      algorithms: ['RS256', 'ES256'],
      keys: { configStore: 'claimcache_config', item: 'test_jwks' },
      issuer: 'https://asymmetric.test',
    },
  },
  scopes: { user: { claims: 'sub', providers: ['hmac', 'asymmetric'] } },
  routes: {
    personal: { path: '/api/:page', scope: 'user' },
    pages: { path: '/pages/:slug', lane: 'public' },
  },
});
