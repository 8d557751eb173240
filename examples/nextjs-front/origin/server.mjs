import { createServer } from 'node:http';
import { cookiesOf, html, isFromTheEdge, json } from './answer.mjs';

// In the place of a Next.js application: the same URLs, cookies and headers as `next start` has, without the framework.
createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/') return html(response, 200, '<h1>Home</h1>', { 'cache-control': 's-maxage=60' });
  if (!isFromTheEdge(request)) return html(response, 403, 'Only the edge may ask.');
  const isDraft = cookiesOf(request).has('__prerender_bypass');
  if (pathname === '/api/draft')
    return html(response, 307, '', {
      location: '/blog/hello',
      'set-cookie': '__prerender_bypass=1; Path=/; HttpOnly; Secure; SameSite=None',
    });
  if (pathname === '/blog/hello') {
    // The App Router sends data in the place of the page to a client that has the application already.
    const vary = { vary: 'rsc, next-router-state-tree, next-router-prefetch' };
    const headers = { ...vary, 'cache-control': isDraft ? 'private, no-store' : 's-maxage=600' };
    const text = isDraft ? 'The draft of this article' : 'The article';
    return request.headers.rsc === '1'
      ? json(response, 200, [text], headers)
      : html(response, 200, text, headers);
  }
  if (pathname.startsWith('/account/')) {
    const { sub } = JSON.parse(request.headers['x-claimcache-claims'] ?? '{}');
    return html(response, 200, `The account of ${sub}`, { 'cache-control': 'private, max-age=300' });
  }
  html(response, 404, 'There is nothing here.');
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
