import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

const lock = { header: 'x-origin-secret', item: 'origin_secret' };

/** Origins behind shields: another instance as a backend, and a location of Fastly's. */
export default definePolicy({
  origins: {
    app: { backend: 'origin', lock, shield: { backend: 'shield' } },
    far: { backend: 'origin', lock, paths: ['/far/**', '/api/far'], shield: { site: 'pdx-or-us' } },
    nowhere: { backend: 'origin', lock, paths: ['/nowhere/**'], shield: { site: 'no-such-place' } },
  },
  clientAddress: { headers: ['x-forwarded-for'] },
  cms: { cookies: ['editor'] },
  providers: {
    app: demoApp,
    site: { session: { cookie: 'sid', backend: 'origin', path: '/edge/whoami', host: 'www.test' } },
  },
  scopes: {
    user: { claims: 'sub', providers: ['app'] },
    team: { claims: ['tenant.id', 'role'], shared: true, providers: ['app'] },
    staff: {
      parts: [{ set: 'roles', only: ['viewer', 'editor', 'admin'] }],
      shared: true,
      providers: ['app'],
    },
    member: { claims: 'id', providers: ['site'] },
  },
  routes: {
    orders: { path: '/api/orders', scope: 'user', staleIfErrorSeconds: 600 },
    report: { path: '/api/report', scope: 'team' },
    far: { path: '/api/far', scope: 'user' },
    staff: { path: '/far/staff', scope: 'staff' },
    member: { path: '/far/member', scope: 'member' },
    home: { path: '/far/home', variants: { languages: ['en', 'de'], cookies: { bucket: ['a', 'b'] } } },
    search: { path: '/far/search', scope: 'user', methods: ['POST'], body: 'json' },
  },
  limits: { retries: 0 },
});
