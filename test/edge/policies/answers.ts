import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Every lane, a shield, GraphQL that passes, and little patience with clients. */
export default definePolicy({
  origins: {
    app: { backend: 'origin' },
    far: { backend: 'origin', paths: ['/far/**'], shield: { backend: 'shield' } },
  },
  cms: { cookies: ['editor'] },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: {
    own: { path: '/own/**', scope: 'user' },
    graphql: { path: '/graphql', scope: 'user', graphql: true },
    pub: { path: '/pub/**', lane: 'public' },
    stale: { path: '/stale/**', lane: 'public', staleIfErrorSeconds: 600 },
    far: { path: '/far/pub/**', lane: 'public' },
    far_pass: { path: '/far/pass/**', lane: 'pass' },
    pass: { path: '/pass/**', lane: 'pass' },
  },
  limits: { firstByteTimeoutMs: 5000, retries: 0 },
});
