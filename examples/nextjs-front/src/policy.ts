import { definePolicy } from 'claimcache';
import { nextDraft } from 'claimcache/cms';

/** A front of Next.js: pages for everybody, one page per account by a token in a cookie, drafts past the cache. */
export default definePolicy({
  origins: { next: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  providers: {
    site: {
      issuer: 'https://www.example.com',
      audience: 'https://www.example.com',
      algorithms: ['ES256'],
      keys: { jwksUrl: 'https://www.example.com/.well-known/jwks.json', backend: 'origin' },
      credentials: [{ cookie: 'session' }],
    },
  },
  cms: nextDraft(),
  scopes: { user: { claims: 'sub' } },
  routes: {
    // The App Router answers the same URL as a page or as data: these fields say which.
    home: { path: '/', lane: 'public', vary: ['rsc', 'next-router-state-tree', 'next-router-prefetch'] },
    blog: {
      path: '/blog/**',
      lane: 'public',
      vary: ['rsc', 'next-router-state-tree', 'next-router-prefetch'],
    },
    account: {
      path: '/account/**',
      scope: 'user',
      vary: ['rsc', 'next-router-state-tree', 'next-router-prefetch'],
      ttlSeconds: { max: 300 },
    },
    assets: { path: '/_next/static/**', lane: 'public' },
  },
  fallback: 'auto',
  ignoreQuery: ['utm_*', 'gclid', 'fbclid'],
  passLimit: { count: 300 },
});
