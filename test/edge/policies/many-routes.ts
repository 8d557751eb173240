import { definePolicy } from '../../../src/policy/define.ts';
import { demoApp } from './demo-app.ts';

/** More routes than are objects in memory. */
export default definePolicy({
  hosts: ['127.0.0.1'],
  origins: { app: { backend: 'origin' } },
  providers: { app: demoApp },
  scopes: { user: { claims: 'sub' } },
  routes: Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      [`mine${i}`, { path: `/area-${i}/mine`, scope: 'user', ttlSeconds: 60 }],
      [`pages${i}`, { path: `/area-${i}/:page`, lane: 'public', ttlSeconds: 60 }],
    ]).flat(),
  ),
});
