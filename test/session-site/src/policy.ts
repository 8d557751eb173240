import { definePolicy } from 'claimcache';
import { authjs } from 'claimcache/providers';

/**
 * A site that knows people by what no header brings: its own session cookies, of which it says at `/edge/whoami` who they are, sessions of
 * Auth.js, and tokens in Supabase's cookies. Machines come with opaque tokens, about which their issuer is asked.
 */
export default definePolicy({
  origins: {
    app: {
      backend: 'origin',
      hostHeader: 'www.site.example',
      lock: { header: 'x-origin-secret', item: 'origin_secret' },
    },
  },
  providers: {
    site: {
      session: {
        cookie: 'sid',
        backend: 'origin',
        path: '/edge/whoami',
        limit: { count: 20 },
        timeoutMs: 10_000,
      },
    },
    machines: {
      introspection: {
        backend: 'idp',
        url: 'http://127.0.0.1/token/introspection',
        client: { id: 'edge', item: 'edge_client' },
        ttlSeconds: 2,
        timeoutMs: 10_000,
      },
      issuer: 'http://127.0.0.1',
      requiredClaims: { scope: 'orders' },
    },
    authjs: authjs(),
    supabase: {
      credentials: [{ cookie: 'sb-*-auth-token', format: 'supabase' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'app_hs256', format: 'raw' },
      issuer: 'https://app.demo.example',
      audience: 'claimcache-demo',
    },
  },
  scopes: {
    user: { claims: 'sub', providers: ['site'] },
    admin: { claims: 'sub', providers: ['site'], requiredClaims: { role: 'admin' } },
    team: { claims: 'team', providers: ['site'], shared: true },
    machine: { claims: 'client_id', providers: ['machines'] },
    authjs_user: { claims: 'sub', providers: ['authjs'] },
    supabase_user: { claims: 'sub', providers: ['supabase'] },
    staff: {
      parts: [{ set: 'roles', only: ['viewer', 'editor', 'admin'] }],
      providers: ['site', 'supabase'],
      shared: true,
    },
  },
  revocation: { scopes: ['user'] },
  routes: {
    me: { path: '/me', scope: 'user', ttlSeconds: 300 },
    me_parts: { path: '/me/**', scope: 'user', ttlSeconds: 300 },
    account: { path: '/account', scope: 'user', ttlSeconds: 300, revocation: true },
    admin: { path: '/admin', scope: 'admin', ttlSeconds: 300 },
    team: { path: '/team', scope: 'team', ttlSeconds: 300 },
    home: { path: '/', scope: 'user', ttlSeconds: 300, onMissing: 'public', onInvalid: 'public' },
    orders: { path: '/api/orders', scope: 'machine', ttlSeconds: 300 },
    authjs: { path: '/authjs', scope: 'authjs_user', ttlSeconds: 300 },
    supabase: { path: '/supabase', scope: 'supabase_user', ttlSeconds: 300 },
    staff: { path: '/staff', scope: 'staff', ttlSeconds: 300 },
    login: { path: '/login', lane: 'pass' },
    logout: { path: '/logout', lane: 'pass' },
  },
  fallback: 'public',
});
