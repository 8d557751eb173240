import { compilePolicy } from '../policy/compile.ts';

/** What is rehearsed with; like the service's own policy, webpack compiles it beforehand. */
export default compilePolicy({
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
