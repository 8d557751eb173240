import { definePolicy } from '../../src/policy/define.ts';

/** Keys from a key server: a hundred of them are too long for an item of a Config Store. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    asymmetric: {
      algorithms: ['RS256'],
      keys: { jwksUrl: 'http://127.0.0.1/jwks', backend: 'keys' },
      issuer: 'https://asymmetric.test',
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: { personal: { path: '/api/:page', scope: 'user' } },
});
