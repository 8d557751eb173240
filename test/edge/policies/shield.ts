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
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' }, team: { claims: ['tenant.id', 'role'], shared: true } },
  routes: {
    orders: { path: '/api/orders', scope: 'user', staleIfErrorSeconds: 600 },
    report: { path: '/api/report', scope: 'team' },
    far: { path: '/api/far', scope: 'user' },
  },
  limits: { retries: 0 },
});
