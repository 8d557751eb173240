// The floor of a service that leaves the sandboxes as they are: one for each request.
addEventListener('fetch', (event) => event.respondWith(new Response('hello')));
