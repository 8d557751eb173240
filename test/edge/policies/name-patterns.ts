import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** A star in every place that takes one. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: {
    cookies: [
      'wordpress_logged_in_*',
      { name: 'signed_*', hmac: { item: 'cms_cookie_key' } },
      { name: 'cms_*_editor', provider: 'app' },
    ],
  },
  providers: { app: { ...demoApp, credentials: [{ cookie: 'sb-*-auth-token' }] } },
  scopes: {
    user: { claims: 'sub' },
    variant: { parts: [{ cookie: 'ab_*', values: ['a', 'b'] }], providers: [], shared: true },
    key: { parts: [{ cookie: 'sid-*' }], providers: [] },
  },
  routes: {
    mine: { path: '/mine/:page', scope: 'user', ttlSeconds: 300 },
    judged: { path: '/judged', scope: 'user', cache: false },
    variant: { path: '/variant/:page', scope: 'variant' },
    key: { path: '/key/:page', scope: 'key', ttlSeconds: 300 },
    list: { path: '/list/:page', lane: 'public', query: ['filter*', 'q'] },
  },
  ignoreQuery: ['utm_*', '*clid', 'x_*_y'],
  limits: { retries: 0 },
});
