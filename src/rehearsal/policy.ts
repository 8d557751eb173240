import { definePolicy } from '../policy/define.ts';

/** What is rehearsed with. */
export default definePolicy({
  origins: { stage: { backend: 'stage' } },
  cms: { cookies: ['rehearsal_session'] },
  providers: {
    joe: {
      algorithms: ['HS256'],
      keys: { secretStore: 'rehearsal', item: 'key', format: 'jwk' },
      issuer: 'joe',
    },
  },
  scopes: { user: { claims: 'iss' } },
  routes: {
    mine: { path: '/mine', scope: 'user' },
    everybodys: { path: '/everybodys/:page', lane: 'public' },
  },
});
