import { randomBytes } from 'node:crypto';
import express, { type CookieOptions, type Request, type RequestHandler, Router } from 'express';
import { cookieOf } from '../caller.ts';
import { type Member, memberNamed, memberOf } from '../members/members.ts';
import { membersPage } from '../members/members-page.ts';
import { pageFiles } from '../members/page-files.ts';
import { sameOriginOnly } from '../members/same-origin.ts';
import { pageHeaders } from '../page-headers.ts';
import type { State } from '../state.ts';

const COOKIE = 'members_session';
/** Without `Secure` only because the demo has no TLS. */
const COOKIE_OPTIONS: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/' };

/**
 * The second site: server-rendered pages for members, whose sessions are known to this back end alone.
 *
 * - `GET /edge/whoami`: whose session it is. For the edge, which proves itself with the secret; past the edge it is a 404, through it a 401: no cookie goes there.
 * - `GET /members/`: the page of the member who is signed in, else the form.
 * - `POST /members/sign-in` {member}, `POST /members/sign-out`, `POST /members/name` {name}: forms.
 *
 * @param wait - Holds a page up, as a database would.
 */
export function membersRoutes(state: State, webFolder: string, wait: RequestHandler): Router {
  const sessionOf = (request: Request) => state.memberSessions.get(cookieOf(request, COOKIE) ?? '');
  const memberOfSession = (request: Request): Member | null =>
    memberOf(sessionOf(request)?.sub ?? '') ?? null;
  const router = Router();

  router.get('/edge/whoami', (request, response) => {
    if (!response.locals.isEdge) {
      response.sendStatus(404);
      return;
    }
    const session = sessionOf(request);
    response.set('Cache-Control', 'private, max-age=60');
    if (session === undefined) response.status(401).json({});
    else response.json({ sub: session.sub, iat: session.sinceSeconds });
  });

  router.use('/members', (_request, response, next) => {
    response.set({ ...pageHeaders("'self'"), 'Cache-Control': 'no-store' });
    next();
  });
  router.use('/members', sameOriginOnly, express.urlencoded({ extended: false, limit: '16kb' }));

  router.get('/members/', wait, (request, response) => {
    const member = memberOfSession(request);
    response.set(
      'Cache-Control',
      member === null ? 'public, max-age=0, s-maxage=300' : 'private, max-age=300',
    );
    const name = state.memberNames.get(member?.sub ?? '') ?? '';
    response.type('html').send(membersPage(pageFiles(webFolder), member, name));
  });

  router.post('/members/sign-in', (request, response) => {
    const member = memberNamed(request.body?.member);
    if (member === undefined) {
      response.status(400).type('text/plain').send('There is no such member.\n');
      return;
    }
    // Another id for each session, so that nobody can have planted it.
    state.memberSessions.delete(cookieOf(request, COOKIE) ?? '');
    const id = randomBytes(32).toString('base64url');
    state.memberSessions.set(id, { sub: member.sub, sinceSeconds: Math.floor(Date.now() / 1000) });
    response.cookie(COOKIE, id, COOKIE_OPTIONS).redirect(303, '/members/');
  });

  router.post('/members/sign-out', (request, response) => {
    state.memberSessions.delete(cookieOf(request, COOKIE) ?? '');
    response.clearCookie(COOKIE, COOKIE_OPTIONS);
    // What the browser keeps for the back button goes, too.
    response.set('Clear-Site-Data', '"cache"').redirect(303, '/members/');
  });

  router.post('/members/name', (request, response) => {
    const member = memberOfSession(request);
    const name: unknown = request.body?.name;
    if (member === null) {
      response.redirect(303, '/members/');
      return;
    }
    if (typeof name !== 'string' || name === '' || name.length > 200) {
      response.status(400).type('text/plain').send('A name has 1 to 200 characters.\n');
      return;
    }
    state.memberNames.set(member.sub, name);
    response.redirect(303, '/members/');
  });
  return router;
}
