import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Sets of roles, routes by host, variants of public pages, tags of three kinds. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    app: { credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }], ...demoApp },
  },
  scopes: {
    user: { claims: 'sub' },
    staff: {
      parts: [{ set: 'roles', only: ['viewer', 'editor', 'admin', 'editor'], atMost: 2 }],
      shared: true,
    },
    tenant_staff: {
      claims: 'tenant.id',
      parts: [{ set: { path: ['https://app.test/roles'] }, only: ['admin', 'editor'] }],
      shared: true,
    },
  },
  routes: {
    staff: { path: '/staff/:page', scope: 'staff', ttlSeconds: 60, forwardClaims: { 'x-roles': 'roles' } },
    staff_open: { path: '/open-staff/:page', scope: 'staff', ttlSeconds: 60, onInvalid: 'public' },
    tenant_staff: { path: '/tenant-staff/:page', scope: 'tenant_staff', ttlSeconds: 60 },
    own: { path: '/own/:page', scope: 'user', ttlSeconds: 60 },

    account: { path: '/account/**', hosts: ['shop.test'], scope: 'user', ttlSeconds: 60 },
    account_help: { path: '/account/help', lane: 'public', ttlSeconds: 60 },
    blog_account: { path: '/account/**', hosts: ['BLOG.test'], lane: 'public', ttlSeconds: 60 },
    wiki: { path: '/**', hosts: ['wiki.test'], lane: 'public', ttlSeconds: 60 },
    settings: { path: '/settings', hosts: ['shop.test'], scope: 'user', ttlSeconds: 60 },
    all_settings: { path: '/settings/**', lane: 'public', ttlSeconds: 60 },
    home: { path: '/home', lane: 'public', ttlSeconds: 60 },
    tenant_home: { path: '/home', hosts: ['*.tenant.test'], lane: 'public', ttlSeconds: 60, query: 'none' },
    own_home: { path: '/home', hosts: ['a.tenant.test'], lane: 'pass' },

    pages: {
      path: '/pages/:page',
      ttlSeconds: 60,
      variants: { languages: ['en', 'de', 'de-CH'], devices: true, cookies: { bucket: ['a', 'b'] } },
    },
    here: {
      path: '/here/:page',
      ttlSeconds: 60,
      browserTtlSeconds: 30,
      variants: { countries: ['DE', 'US'] },
    },
    tagged: { path: '/tagged/:page', lane: 'public', ttlSeconds: 60 },
    live: { path: '/live/:page', lane: 'pass' },
  },
});
