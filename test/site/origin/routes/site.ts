import { Router } from 'express';
import { rendering } from '../rendering.ts';

/** Pages of everyone, and an echo of any method. */
export function siteRoutes(): Router {
  return Router()
    .get('/', (_request, response) => {
      response.set('Cache-Control', 'public, max-age=60, s-maxage=300');
      response.json({ page: 'home', ...rendering() });
    })
    .get('/assets/:file', (request, response) => {
      response.set('Cache-Control', 'public, max-age=3600').type('text/plain');
      response.send(`${request.params.file} ${rendering().render}\n`);
    })
    .all('/echo', (request, response) => {
      response.set('Cache-Control', 'no-store').json({ headers: request.headers, ...rendering() });
    });
}
