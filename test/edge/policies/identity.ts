import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Of HMAC keys, in bytes: a provider, a scope and a route for each. */
export const KEY_LENGTHS = [32, 33, 34, 41, 43, 64, 100];

const byLength = <T>(of: (length: number) => T) =>
  Object.fromEntries(KEY_LENGTHS.map((length) => [`of${length}`, of(length)]));

/** Every algorithm, several providers on one route, and scopes beyond claims. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    hmac: {
      credentials: [{ header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
      algorithms: ['HS256', 'HS384', 'HS512'],
      keys: { secretStore: 'claimcache_secrets', item: 'test_hmac', format: 'raw' },
      issuer: 'https://hmac.test',
    },
    asymmetric: {
      algorithms: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
      keys: { configStore: 'claimcache_config', item: 'test_jwks' },
      issuer: 'https://asymmetric.test',
    },
    ...byLength((length) => ({
      ...demoApp,
      keys: { secretStore: 'claimcache_secrets', item: `key_${length}`, format: 'raw' } as const,
    })),
  },
  scopes: {
    user: { claims: 'sub', providers: ['hmac', 'asymmetric'] },
    versioned: { claims: ['sub', 'version'], providers: ['hmac'] },
    editors: { requiredClaims: { groups: 'editors' }, shared: true, providers: ['hmac'] },
    locale: {
      claims: 'sub',
      parts: [
        { header: 'accept-language', values: ['de', 'en'] },
        { cookie: 'ab', values: ['a', 'b'] },
      ],
      providers: ['hmac'],
    },
    api_key: { parts: [{ header: 'x-api-key' }], providers: [] },
    country: { parts: [{ country: ['DE'] }, { device: true }], providers: [], shared: true },
    asserted: { claims: 'sub', providers: ['hmac'], assertedBy: 'x-user-id' },
    org: {
      claims: { path: ['https://my.app/org_id'] },
      requiredClaims: [{ path: ['https://my.app/roles'], value: 'reader' }],
      shared: true,
      providers: ['hmac'],
    },
    ...byLength((length) => ({ claims: 'sub', providers: [`of${length}`] })),
  },
  routes: {
    mine: { path: '/echo/mine', scope: 'user', ttlSeconds: 300, forwardClaims: { 'x-user-id': 'sub' } },
    versioned: { path: '/echo/versioned', scope: 'versioned', ttlSeconds: 300 },
    editors: { path: '/echo/editors', scope: 'editors' },
    locale: { path: '/echo/locale', scope: 'locale', ttlSeconds: 300 },
    api_key: { path: '/echo/api-key', scope: 'api_key', ttlSeconds: 300 },
    country: { path: '/echo/country', scope: 'country' },
    asserted: { path: '/echo/asserted', scope: 'asserted', ttlSeconds: 300 },
    revocable: { path: '/echo/revocable', scope: 'user', ttlSeconds: 300, revocation: true },
    org: {
      path: '/echo/org',
      scope: 'org',
      forwardClaims: { 'x-org-id': { path: ['https://my.app/org_id'] } },
    },
    limited: { path: '/echo/limited', scope: 'user', ttlSeconds: 300, limitBadTokens: true },
    ...byLength((length) => ({ path: `/of/${length}/:page`, scope: `of${length}` })),
  },
  revocation: { scopes: ['user'], maxTokenSeconds: 3600 },
  badTokenLimit: { count: 20 },
});
