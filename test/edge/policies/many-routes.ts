import { definePolicy } from '../../../src/policy/define.ts';

/** More routes than are objects in memory. */
export default definePolicy({
  hosts: ['127.0.0.1'],
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
  routes: Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      [`mine${i}`, { path: `/area-${i}/mine`, scope: 'user', ttlSeconds: 60 }],
      [`pages${i}`, { path: `/area-${i}/:page`, lane: 'public', ttlSeconds: 60 }],
    ]).flat(),
  ),
});
