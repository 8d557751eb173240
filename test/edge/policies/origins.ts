import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Addresses, editors whose cookies are validated, and pages for a bad night. */
export default definePolicy({
  origins: {
    app: { backend: 'origin' },
    bucket: { backend: 'bucket', paths: ['/sorry.html'] },
    slow: { backend: 'slow', paths: ['/slow/**'], firstByteTimeoutMs: 300 },
  },
  clientAddress: { headers: ['X-Forwarded-For', 'x-real-ip', 'forwarded'] },
  cms: {
    cookies: [
      'editor',
      { name: 'cms_session', provider: 'app', requiredClaims: { role: 'editor' } },
      { name: 'cms_signed', hmac: { item: 'cms_cookie_key', expires: true } },
      {
        name: 'connect_sid',
        hmac: { item: 'cms_cookie_key', format: 'express', covers: 'text', prefix: 'session-' },
      },
    ],
  },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', ttlSeconds: 60 },
    report: { path: '/report', scope: 'user', fallbackPage: { html: '<h1>No report today</h1>' } },
    shop: { path: '/shop/**', lane: 'public', fallbackPage: { html: '<h1>Closed</h1>' } },
    data: { path: '/data/**', lane: 'public', fallbackPage: false },
    kept: { path: '/kept/**', lane: 'public', staleIfErrorSeconds: 600 },
    news: { path: '/news/**', lane: 'public', stripSetCookie: true },
    live: { path: '/live', lane: 'pass', passLimit: false },
  },
  passLimit: { count: 1000 },
  fallbackPage: { path: '/sorry.html' },
  limits: { firstByteTimeoutMs: 5000, retries: 0 },
});
