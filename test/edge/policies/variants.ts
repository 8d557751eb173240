import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** What the test site's policy leaves at its defaults, and little patience. */
export default definePolicy({
  hosts: ['127.0.0.1'],
  origins: { app: { backend: 'origin' } },
  cms: { cookies: ['cms_session'], bearer: false },
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      ...demoApp,
    },
  },
  scopes: { user: { claims: 'sub' }, machine: { parts: [{ header: 'x-api-key' }], providers: [] } },
  fallback: 'auto',
  ignoreCookies: ['theme'],
  routes: {
    own: { path: '/own/:page', scope: 'user' },
    feed: { path: '/feed', scope: 'user', onMissing: 'public', onInvalid: 'public', ttlSeconds: 60 },
    mixed: { path: '/mixed', scope: 'user', onMissing: 'pass', onInvalid: 'pass', ttlSeconds: 60 },
    home: { path: '/home', scope: 'user', ttlSeconds: 60, browserTtlSeconds: 300 },
    capped: { path: '/capped', scope: 'user', ttlSeconds: 600, capAtTokenExpiry: true },
    bounded: { path: '/bounded/:page', scope: 'user', ttlSeconds: { default: 150, min: 100, max: 200 } },
    kept: { path: '/kept', scope: 'user', ttlSeconds: 60, purgeOnWrite: false },
    anonymous: { path: '/anonymous', scope: 'user', ttlSeconds: 60, forwardCredential: false },
    news: {
      path: '/news/:page',
      lane: 'public',
      ttlSeconds: 60,
      stripSetCookie: true,
      negativeTtlSeconds: { 404: 30 },
      vary: ['accept-language'],
      query: ['page'],
    },
    around: { path: '/around', lane: 'pass' },
    lost: { path: '/lost', lane: 'public' },
  },
  selfPurge: { count: 1 },
  limits: { collapseTimeoutMs: 400, firstByteTimeoutMs: 5000, retries: 0 },
});
