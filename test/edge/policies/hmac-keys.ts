import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Of an HMAC key, in bytes: a provider and a route for each. */
const LENGTHS = [32, 33, 34, 41, 43, 64, 100];

const named = <T>(of: (length: number) => T) =>
  Object.fromEntries(LENGTHS.map((length) => [`of${length}`, of(length)]));

export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: named((length) => ({
    ...demoApp,
    keys: { secretStore: 'claimcache_secrets', item: `key_${length}`, format: 'raw' } as const,
  })),
  scopes: named((length) => ({ claims: 'sub', providers: [`of${length}`] })),
  routes: named((length) => ({ path: `/of/${length}/:page`, scope: `of${length}` })),
});
