import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** Pages in several encodings, languages and lengths; and what is asked in a body. */
export default definePolicy({
  hosts: ['127.0.0.1'],
  origins: { app: { backend: 'origin' } },
  providers: {
    app: { credentials: [{ header: 'authorization', scheme: 'Bearer' }], ...demoApp },
  },
  scopes: { user: { claims: 'sub' } },
  routes: {
    mine: { path: '/mine/:page', scope: 'user' },
    squeezed: { path: '/squeezed/:page', scope: 'user', compress: true },
    plain: { path: '/plain/:page', compress: false },
    translated: { path: '/translated/:page', vary: ['accept-language'] },
    own_cors: { path: '/own-cors/:page', cors: false },
    search: {
      path: '/search',
      ttlSeconds: 60,
      methods: ['POST', 'QUERY'],
      body: 'json',
      maxBodyBytes: 20_000,
    },
    rpc: { path: '/rpc', ttlSeconds: 60, methods: ['POST'], body: 'bytes', maxBodyBytes: 20_000 },
    my_search: { path: '/my-search', scope: 'user', ttlSeconds: 60, methods: ['POST'], body: 'json' },
    loose: { path: '/loose/:page', ignoreVary: ['accept-language'] },
  },
  ignoreVary: ['user-agent'],
  cors: { origins: ['https://app.test'] },
});
