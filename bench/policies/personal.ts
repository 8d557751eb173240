import { definePolicy } from '../../src/policy/define.ts';
import type { Algorithm } from '../../src/policy/providers/algorithm-names.ts';

/** One personal route; an HMAC provider, and one of these algorithms. */
export function personalPolicy(algorithms: readonly Algorithm[]) {
  return definePolicy({
    origins: { app: { backend: 'origin' } },
    cms: { cookies: ['cms_session'] },
    providers: {
      hmac: {
        algorithms: ['HS256'],
        keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
        issuer: 'https://hmac.test',
      },
      asymmetric: {
        algorithms,
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
}
