import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Fields that the edge sets, cookies of several kinds, and frameworks that set one on every answer. */
export default definePolicy({
  origins: { app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  clientAddress: { headers: ['x-forwarded-for'] },
  cms: {
    cookies: ['cms_session', { name: 'cms_sig', hmac: { item: 'origin_secret' } }],
    paths: ['/preview/**'],
  },
  providers: {
    app: { credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }], ...demoApp },
  },
  scopes: {
    user: { claims: 'sub' },
    visitor: { claims: 'sub', parts: [{ cookie: 'sid' }] },
  },
  routes: {
    own: {
      path: '/own/:page',
      scope: 'user',
      ttlSeconds: 60,
      forwardClaims: { 'x-user-id': 'sub', 'x-tenant-id': 'tenant.id' },
    },
    sensitive: { path: '/sensitive', scope: 'user', cache: false },
    framework: {
      path: '/framework/:page',
      scope: 'user',
      ttlSeconds: 60,
      stripSetCookies: ['XSRF-TOKEN', 'laravel_*'],
    },
    visitor: { path: '/visitor/:page', scope: 'visitor', ttlSeconds: 60 },
    live: { path: '/live', lane: 'pass' },
  },
  requestHeaders: { allow: ['x-forwarded-prefix', 'api_key'], drop: ['x-internal-*'] },
});
