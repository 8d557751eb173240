import { createServer } from 'node:http';
import { bodyOf, cookiesOf, html, isFromTheEdge, json } from './answer.mjs';

// In the place of WordPress: the same cookies and paths.
const COOKIE = 'wordpress_logged_in_0123456789abcdef';
const MEMBERS = new Map([
  ['alice-session', { sub: '42', membership: 'gold' }],
  ['bob-session', { sub: '43', membership: 'gold' }],
  ['carol-session', { sub: '44', membership: 'silver' }],
]);
const names = new Map();

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/') return html(response, 200, '<h1>News</h1>', { 'cache-control': 'max-age=60' });
  if (!isFromTheEdge(request)) return html(response, 403, 'Only the edge may ask.');
  if (pathname === '/wp-json/edge/v1/whoami') {
    const member = MEMBERS.get(cookiesOf(request).get(COOKIE));
    return member === undefined ? json(response, 401, {}) : json(response, 200, member);
  }
  const { sub, membership } = JSON.parse(request.headers['x-claimcache-claims'] ?? '{}');
  if (pathname.startsWith('/members/articles/'))
    return html(response, 200, `For ${membership} members`, { 'cache-control': 'public, max-age=600' });
  if (pathname === '/members/profile' && request.method === 'POST')
    names.set(sub, new URLSearchParams(await bodyOf(request)).get('name'));
  if (pathname === '/members/profile')
    return html(response, 200, `Member ${sub}, ${names.get(sub) ?? 'without a name'}`, {
      'cache-control': 'private, max-age=300',
    });
  html(response, 404, 'There is nothing here.');
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
