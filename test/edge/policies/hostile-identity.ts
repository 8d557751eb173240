import { definePolicy } from '../../../src/policy/define.ts';

/** Keys that are none, parts that change, and whoever is half of somebody. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  cms: {
    cookies: [
      { name: 'cms_jwt', provider: 'app', requiredClaims: { role: 'editor' } },
      { name: 'cms_sig', hmac: { item: 'cookie_key' } },
    ],
  },
  providers: {
    app: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256'],
      keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
    },
    stored: {
      credentials: [{ header: 'x-stored-token' }],
      algorithms: ['ES256', 'ES384', 'ES512', 'RS256'],
      keys: { configStore: 'claimcache_config', item: 'test_jwks' },
    },
    remote: {
      credentials: [{ header: 'x-remote-token' }],
      algorithms: ['ES256', 'RS256'],
      keys: {
        jwksUrl: 'http://127.0.0.1/jwks',
        backend: 'idp',
        ttlSeconds: 1,
        keepSeconds: 1,
        cooldownSeconds: 1,
      },
    },
  },
  scopes: {
    user: { claims: 'sub', providers: ['app'] },
    local: {
      claims: 'sub',
      parts: [{ header: 'accept-language', values: ['de', 'en'] }, { cookie: 'sid' }],
      providers: ['app'],
    },
    member: { claims: ['sub', 'tenant'], providers: ['app'] },
    placed: { claims: ['sub', 'country'], parts: [{ country: true }], providers: ['app'] },
    stored: { claims: 'sub', providers: ['stored'] },
    remote: { claims: 'sub', providers: ['remote'] },
  },
  routes: {
    mine: { path: '/mine', scope: 'user', ttlSeconds: 300, onMissing: 'public' },
    local: { path: '/local', scope: 'local', ttlSeconds: 300 },
    member: {
      path: '/member',
      scope: 'member',
      onInvalid: 'public',
      ttlSeconds: 300,
      forwardClaims: { 'x-user-id': 'sub' },
    },
    placed: { path: '/placed', scope: 'placed', ttlSeconds: 300 },
    stored: { path: '/stored', scope: 'stored', ttlSeconds: 300 },
    remote: { path: '/remote', scope: 'remote', ttlSeconds: 300 },
    varied: { path: '/varied', lane: 'public', vary: ['x-variant'], ttlSeconds: 300 },
  },
  revocation: { scopes: ['user'], maxTokenSeconds: 3600 },
  selfPurge: { count: 3, rateCounter: 'no_counter', penaltyBox: 'no_box' },
  limits: { tokenBytes: 65_536, headerBytes: 65_536, retries: 0 },
});
