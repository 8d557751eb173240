import { definePolicy } from 'claimcache';
import { nextDraft } from 'claimcache/cms';

export default definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: nextDraft(),
  providers: {
    own: {
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'https://issuer.example',
      audience: 'site',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: { account: { path: '/account', scope: 'user', ttlSeconds: { max: 600 } } },
});
