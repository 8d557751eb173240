import { definePolicy } from 'claimcache';
import { auth0 } from 'claimcache/providers';

/** An API whose users sign in with Auth0, and belong to an organisation. */
export default definePolicy({
  origins: { app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } } },
  providers: {
    auth0: auth0({ domain: 'acme.eu.auth0.com', audience: 'https://api.acme.example' }),
  },
  scopes: {
    user: { claims: 'sub' },
    organisation: { claims: 'org_id', shared: true },
  },
  routes: {
    me: { path: '/api/me', scope: 'user', ttlSeconds: { max: 600 } },
    invoices: { path: '/api/invoices/**', scope: 'user', ttlSeconds: { max: 600 } },
    reports: { path: '/api/reports/**', scope: 'organisation', ttlSeconds: { default: 300 } },
    plans: { path: '/api/plans', lane: 'public', ttlSeconds: { default: 3600 } },
  },
  fallback: 'pass',
});
