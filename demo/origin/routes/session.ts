import { type CookieOptions, type Response, Router } from 'express';
import { decodeJwt } from 'jose';
import { cookieOf } from '../caller.ts';
import { type Person, personNamed } from '../people.ts';
import type { Tokens } from '../tokens.ts';

const COOKIE = 'session';
const LIFETIME_SECONDS = 900;
/** No script reads the token, and no other site can send it: without `Secure` only because the demo has no TLS. */
const COOKIE_OPTIONS: CookieOptions = { httpOnly: true, sameSite: 'strict', path: '/' };

/**
 * The session of the browser: the token stands in an HttpOnly cookie, which the edge verifies like a Bearer token.
 *
 * - `GET /api/session`: who is signed in, 200 for nobody too.
 * - `POST /api/session` {user}: signs in. `DELETE`: signs out, and the browser forgets what it has stored.
 * - `POST /api/session/refresh`: another token for the same person.
 */
export function sessionRoutes(tokens: Tokens): Router {
  const router = Router();

  router.use('/api/session', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  router.get('/api/session', (request, response) => {
    const { person } = response.locals as { person: Person | null };
    const token = cookieOf(request, COOKIE);
    response.json(person === null || token === undefined ? { user: null } : described(person, token));
  });

  router.post('/api/session', async (request, response) => {
    const person = personNamed(request.body?.user);
    if (person === undefined) {
      response.status(400).json({ error: 'expected user (alice, bob or carol)' });
      return;
    }
    await start(person, response);
  });

  router.post('/api/session/refresh', async (_request, response) => {
    const { person } = response.locals as { person: Person | null };
    if (person === null) response.status(401).json({ error: 'nobody is signed in' });
    else await start(person, response);
  });

  router.delete('/api/session', (_request, response) => {
    response.clearCookie(COOKIE, COOKIE_OPTIONS);
    // "storage" ends service workers too, an old one included.
    response.set('Clear-Site-Data', '"cache", "storage"');
    response.json({ user: null });
  });
  return router;

  async function start(person: Person, response: Response): Promise<void> {
    const token = await tokens.issue(person, 'app', LIFETIME_SECONDS);
    response.cookie(COOKIE, token, { ...COOKIE_OPTIONS, maxAge: LIFETIME_SECONDS * 1000 });
    response.json(described(person, token));
  }
}

/** What the page may know: the token's id tells two tokens apart, and is none. */
function described({ name, sub, tenant, role }: Person, token: string): object {
  const { jti, exp } = decodeJwt(token);
  return { user: { name, sub, tenant: tenant.id, role }, token: { id: jti, expiresAtSeconds: exp } };
}
