import { createServer } from 'node:http';
import { bodyOf, isFromTheEdge, json } from './answer.mjs';

/** By the claim `sub`. */
const names = new Map();

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/') return json(response, 200, { name: 'acme' });
  if (!isFromTheEdge(request)) return json(response, 403, { title: 'Only the edge may ask.' });
  // What the edge has verified.
  const { sub, org_id: organisation } = JSON.parse(request.headers['x-claimcache-claims'] ?? '{}');
  if (pathname === '/api/me' && request.method === 'PUT')
    names.set(sub, JSON.parse(await bodyOf(request)).name);
  if (pathname === '/api/me')
    return json(
      response,
      200,
      { sub, name: names.get(sub) ?? 'unnamed' },
      { 'cache-control': 'private, max-age=600' },
    );
  if (pathname.startsWith('/api/invoices/'))
    return json(
      response,
      200,
      { sub, invoice: pathname.slice(14) },
      { 'cache-control': 'private, max-age=600' },
    );
  if (pathname.startsWith('/api/reports/'))
    return json(
      response,
      200,
      { organisation, report: pathname.slice(13) },
      { 'cache-control': 'public, max-age=300' },
    );
  if (pathname === '/api/plans')
    return json(response, 200, { plans: ['free', 'team'] }, { 'cache-control': 'public, max-age=3600' });
  json(response, 404, { title: 'There is nothing here.' });
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
