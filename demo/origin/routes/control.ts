import { Router } from 'express';
import { PAGE_PATHS } from '../../web/src/measure/page-paths.ts';
import type { State } from '../state.ts';

/** What the demo and its tests ask the origin itself, around the edge. Not counted, never slow. */
export function controlRoutes(state: State): Router {
  return Router()
    .use('/__origin', (_request, response, next) => {
      response.set('Cache-Control', 'no-store');
      next();
    })
    .get('/__origin/requests', (_request, response) => {
      response.json({ total: state.total, routes: state.routes });
    })
    .get('/dashboard/origin-requests', (_request, response) => {
      const pages = PAGE_PATHS.map((path) => state.routes[`GET ${path}`]?.total ?? 0);
      response.set('Cache-Control', 'no-store');
      response.json({ requests: pages.reduce((sum, count) => sum + count, 0) });
    })
    .post('/__origin/reset', (_request, response) => {
      state.reset();
      response.json({ total: state.total });
    })
    .post('/__origin/delay', (request, response) => {
      const ms: unknown = request.body?.ms;
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= 60_000)) {
        response.status(400).json({ error: 'expected ms, a number from 0 to 60000' });
        return;
      }
      state.delayMs = ms;
      response.json({ ms });
    });
}
