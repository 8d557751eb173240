import { definePolicy } from '../../../src/policy/define.ts';
import site from '../../site/src/policy.ts';

/** Protected paths beside others, which one spelling or another might be taken for. */
export default definePolicy({
  ...site,
  cms: { paths: ['/vorschau/ä/**'] },
  scopes: {
    user: { claims: 'sub', providers: ['app'] },
    owner: { claims: 'sub', providers: ['app'], requiredClaims: { role: ['owner'] } },
  },
  revocation: { scopes: ['user'] },
  routes: {
    me: { path: '/api/me', scope: 'user', ttlSeconds: 60 },
    api: { path: '/api/**', scope: 'user', revocation: true, ttlSeconds: 60 },
    orders: { path: '/v2/orders', scope: 'user', ttlSeconds: 60 },
    kinds: { path: '/v2/:kind/:id', scope: 'user', ttlSeconds: 60 },
    files: { path: '/files/**', scope: 'owner', ttlSeconds: 60 },
    readme: { path: '/files/readme', scope: 'user', ttlSeconds: 60 },
    docs: { path: '/files/docs', scope: 'user', onMissing: 'public', ttlSeconds: 60 },
    account: { path: '/my%20account', scope: 'user', ttlSeconds: 60 },
    order: { path: '/orders/:id([A-Z0-9]+)', scope: 'user', ttlSeconds: 60 },
    own: { path: '/über/mich', scope: 'user', revocation: true, ttlSeconds: 60 },
    one: { path: '/o\\(1\\)', scope: 'user', ttlSeconds: 60 },
    pub: { path: '/pub/**', lane: 'public', ttlSeconds: 60 },
  },
});
