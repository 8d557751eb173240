import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Every lane, with and without a shield, GraphQL, and little patience with clients. */
export default definePolicy({
  origins: {
    app: { backend: 'origin' },
    far: { backend: 'origin', paths: ['/far/**'], shield: { backend: 'shield' } },
  },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: {
    own: { path: '/own/**', scope: 'user' },
    graphql: { path: '/graphql', scope: 'user', graphql: true },
    pub: { path: '/pub/**', lane: 'public' },
    kept: { path: '/kept/**', lane: 'public', ttlSeconds: 60, staleIfErrorSeconds: 600 },
    pass: { path: '/pass/**', lane: 'pass' },
    far: { path: '/far/pub/**', lane: 'public' },
    far_own: { path: '/far/own/**', scope: 'user' },
    far_pass: { path: '/far/pass/**', lane: 'pass' },
  },
  limits: { firstByteTimeoutMs: 3000, betweenBytesTimeoutMs: 1200, bodyTimeoutMs: 2500, retries: 0 },
});
