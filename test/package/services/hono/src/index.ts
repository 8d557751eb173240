import { createClaimcache } from 'claimcache';
import { Hono } from 'hono';
import policy from './policy.ts';

const claimcache = createClaimcache(policy);
const app = new Hono();

app.get('/own', (c) => c.text('an answer of its own'));

addEventListener('fetch', (event) => {
  event.respondWith(
    claimcache.match(event.request) ? claimcache.fetch(event) : Promise.resolve(app.fetch(event.request)),
  );
});
