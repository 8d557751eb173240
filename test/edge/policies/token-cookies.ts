import { authjs } from '../../../src/identity/presets/authjs.ts';
import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Tokens in every place but a header: in cookies as applications keep them, encrypted ones, and in the query. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  providers: {
    authjs: authjs(),
    nextauth: authjs({ version: 4 }),
    supabase: { ...demoApp, credentials: [{ cookie: 'sb-*-auth-token', format: 'supabase' }] },
    json: { ...demoApp, credentials: [{ cookie: 'app_session', format: { json: 'access_token' } }] },
    link: {
      ...demoApp,
      credentials: [{ query: 'token' }, { header: 'authorization', scheme: 'Bearer' }, { cookie: 'session' }],
    },
    sent: { ...demoApp, credentials: [{ query: 'access', forward: true }] },
  },
  scopes: {
    authjs: { claims: 'sub', providers: ['authjs'] },
    nextauth: { claims: 'sub', providers: ['nextauth'] },
    supabase: { claims: 'sub', providers: ['supabase'] },
    json: { claims: 'sub', providers: ['json'] },
    link: { claims: 'sub', providers: ['link'] },
    sent: { claims: 'sub', providers: ['sent'] },
    tenant: { claims: 'tenant.id', providers: ['supabase'], shared: true },
  },
  routes: {
    authjs: { path: '/authjs/**', scope: 'authjs' },
    nextauth: { path: '/nextauth/**', scope: 'nextauth' },
    supabase: { path: '/supabase/**', scope: 'supabase' },
    json: { path: '/json/**', scope: 'json' },
    link: { path: '/link/**', scope: 'link' },
    sent: { path: '/sent/**', scope: 'sent' },
    tenant: { path: '/tenant/**', scope: 'tenant' },
    open: { path: '/open/**', scope: 'supabase', onMissing: 'public', onInvalid: 'public' },
    staging: { path: '/staging/**', scope: 'link', otherSchemes: ['Basic'] },
    pub: { path: '/pub/**', lane: 'public' },
    pass: { path: '/pass/**', lane: 'pass' },
  },
  fallback: 'auto',
  limits: { retries: 0 },
});
