import path from 'node:path';
import express, { Router } from 'express';
import { pageHeaders } from '../page-headers.ts';

/** Where the pages are served: `vite.config.ts` builds them for this path. */
const BASE = '/app';

/**
 * The pages of `demo/web`, as Vite has built them. They hold nothing of anybody, so they are public: what has a digest in its name for
 * ever, the rest for the edge alone, to be purged by the key `web`.
 *
 * @param folder - Of the built pages.
 * @param consoleUrl - Where the console of the edge is served, if it is.
 */
export function webRoutes(folder: string, consoleUrl: string | null): Router {
  const router = Router();
  router.use(BASE, (_request, response, next) => {
    response.set({ ...pageHeaders("'none'"), 'Surrogate-Key': 'web' });
    next();
  });
  router.get(`${BASE}/console`, (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    // With its key: whoever reaches the demo is its operator, as it lets everybody sign in as anybody.
    if (consoleUrl === null) next();
    else response.redirect(302, consoleUrl);
  });
  router.use(
    BASE,
    express.static(folder, {
      cacheControl: false,
      etag: true,
      index: 'index.html',
      setHeaders(response, file) {
        const isNamedByDigest = path.basename(path.dirname(file)) === 'assets';
        response.setHeader(
          'Cache-Control',
          isNamedByDigest ? 'public, max-age=31536000, immutable' : 'public, max-age=0, s-maxage=300',
        );
      },
    }),
  );
  return router;
}
