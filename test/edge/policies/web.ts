import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** CORS, locked origins, and an origin by host. */
export default definePolicy({
  origins: {
    app: { backend: 'origin', lock: { header: 'x-origin-secret', item: 'origin_secret' } },
    shop: { backend: 'shop', hosts: ['shop.test'] },
    // Its secret is in no store.
    keyless: {
      backend: 'keyless',
      hosts: ['keyless.test'],
      lock: { header: 'x-origin-secret', item: 'no_such_secret' },
    },
  },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: {
    orders: { path: '/api/orders', scope: 'user' },
    inner: { path: '/api/inner', scope: 'user', cors: false },
    own: { path: '/own', lane: 'public', cors: false },
  },
  cors: {
    origins: ['https://app.example', 'https://*.tenant.example'],
    methods: ['PUT', 'DELETE'],
    headers: ['authorization', 'content-type'],
    exposeHeaders: ['x-cache', 'age'],
    credentials: true,
  },
  hstsSeconds: 600,
});
