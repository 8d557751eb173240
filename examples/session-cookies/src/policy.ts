import { definePolicy } from 'claimcache';

/** A site with sessions of its own, as Rails, Django, Laravel and Express have them: there is no token to verify. */
export default definePolicy({
  origins: { app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  providers: {
    site: {
      session: { cookie: 'sid', backend: 'origin', path: '/edge/whoami', host: 'www.example.com' },
    },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    account: { path: '/account/**', scope: 'user', ttlSeconds: { max: 300 } },
    // One URL, two pages: for visitors, and for who is signed in.
    home: { path: '/', scope: 'user', onMissing: 'public', onInvalid: 'public', ttlSeconds: { max: 60 } },
    login: { path: '/login', lane: 'pass' },
    logout: { path: '/logout', lane: 'pass' },
  },
  fallback: 'auto',
});
