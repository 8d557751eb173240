import { createClaimcache } from 'claimcache';
import policy from './policy.ts';

const claimcache = createClaimcache(policy);

addEventListener('fetch', (event) => {
  event.respondWith(
    claimcache.match(event.request) ? claimcache.fetch(event) : new Response('an answer of its own\n'),
  );
});
