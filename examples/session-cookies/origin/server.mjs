import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { bodyOf, cookiesOf, html, isFromTheEdge, json } from './answer.mjs';

/** Users by session. */
const sessions = new Map();

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (!isFromTheEdge(request)) return html(response, 403, 'Only the edge may ask.');
  const sid = cookiesOf(request).get('sid');
  if (pathname === '/edge/whoami') {
    const sub = sessions.get(sid);
    return sub === undefined ? json(response, 401, {}) : json(response, 200, { sub });
  }
  if (pathname === '/login' && request.method === 'POST') {
    const id = randomBytes(24).toString('base64url');
    sessions.set(id, new URLSearchParams(await bodyOf(request)).get('user'));
    return html(response, 303, '', {
      location: '/account/orders',
      'set-cookie': `sid=${id}; Path=/; HttpOnly; SameSite=Lax`,
    });
  }
  if (pathname === '/logout' && request.method === 'POST') {
    sessions.delete(sid);
    return html(response, 303, '', { location: '/', 'set-cookie': 'sid=; Path=/; HttpOnly; Max-Age=0' });
  }
  const { sub } = JSON.parse(request.headers['x-claimcache-claims'] ?? '{}');
  if (pathname === '/')
    return html(response, 200, sub === undefined ? '<h1>Welcome</h1>' : `<h1>Welcome back, ${sub}</h1>`, {
      'cache-control': 'max-age=60',
    });
  if (pathname === '/account/orders')
    return html(response, 200, `The orders of ${sub}`, { 'cache-control': 'private, max-age=300' });
  html(response, 404, 'There is nothing here.');
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
