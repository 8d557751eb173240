import { Router } from 'express';
import { equal } from '../equal.ts';

/** Carries the secret. It is none of the names that the edge takes away, so that it can be sent through the edge too. */
export const ACCESS_HEADER = 'x-demo-access';

/** What nobody but the one who runs this origin may do on a public host: count and slow it, and sign in without a password. */
const GUARDED: readonly (readonly [string, RegExp])[] = [
  ['', /^\/__origin(?:\/|$)/i],
  ['POST', /^\/(?:login|cms\/login|api\/session|members\/sign-in)\/?$/i],
];

/** Asks for the secret where that is not null. */
export function requireAccess(secret: string | null): Router {
  const router = Router();
  if (secret === null) return router;
  return router.use((request, response, next) => {
    const isGuarded = GUARDED.some(
      ([method, path]) => (method === '' || method === request.method) && path.test(request.path),
    );
    if (!isGuarded || equal(request.get(ACCESS_HEADER) ?? '', secret)) return next();
    response
      .status(403)
      .set('Cache-Control', 'no-store')
      .json({ error: `${ACCESS_HEADER} is missing or wrong` });
  });
}
