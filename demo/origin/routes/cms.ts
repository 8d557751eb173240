import { randomBytes } from 'node:crypto';
import { type NextFunction, type Request, type Response, Router } from 'express';
import { cookieOf } from '../caller.ts';
import type { OriginOptions } from '../options.ts';
import { rendering } from '../rendering.ts';
import type { CmsPage, State } from '../state.ts';

const COOKIE = 'cms_session';

/** A small CMS: an editor sees and changes drafts, everybody else sees what is published. */
export function cmsRoutes(state: State, purge: OriginOptions['purge'] | null): Router {
  const isEditor = (request: Request) => state.cmsSessions.has(cookieOf(request, COOKIE) ?? '');
  const editorOnly = (request: Request, response: Response, next: NextFunction) => {
    if (isEditor(request)) return next();
    response.status(401).set('Cache-Control', 'no-store').json({ error: 'editors only' });
  };
  const pageOf = (slug: string, response: Response): CmsPage | null => {
    const page = state.pages.get(slug);
    if (page === undefined) response.status(404).json({ error: 'no such page' });
    return page ?? null;
  };
  /** The keys that were purged; none where the edge did not: then it serves the old page until it is stale. */
  const purgePage = async (key: string): Promise<string[]> => {
    try {
      await purge?.([key]);
      return purge ? [key] : [];
    } catch (error) {
      console.error(`${key} is published and could not be purged:`, error);
      return [];
    }
  };

  const router = Router();
  router.post('/cms/login', (_request, response) => {
    const session = randomBytes(16).toString('hex');
    state.cmsSessions.add(session);
    response.set('Cache-Control', 'no-store');
    response.cookie(COOKIE, session, { httpOnly: true, sameSite: 'lax', path: '/' });
    response.json({ editor: true });
  });
  router.post('/cms/logout', (request, response) => {
    state.cmsSessions.delete(cookieOf(request, COOKIE) ?? '');
    response.clearCookie(COOKIE, { httpOnly: true, sameSite: 'lax', path: '/' });
    response.set({ 'Cache-Control': 'no-store', 'Clear-Site-Data': '"cache", "storage"' });
    response.json({ editor: false });
  });

  router.get('/pages/:slug', (request, response) => {
    const editor = isEditor(request);
    response.set({
      'Cache-Control': editor ? 'private, max-age=0' : 'public, max-age=60, s-maxage=300',
      'Surrogate-Key': pageKey(request.params.slug),
      Vary: 'Cookie',
    });
    const page = pageOf(request.params.slug, response);
    if (page !== null) response.json(shown(request.params.slug, page, editor ? 'draft' : 'published'));
  });

  router.get('/api/cms/session', (request, response) => {
    response.set('Cache-Control', 'no-store').json({ editor: isEditor(request) });
  });
  router.use('/api/cms', editorOnly);
  router.get('/api/cms/pages', (_request, response) => {
    response.set('Cache-Control', 'private, max-age=0');
    response.json({ pages: [...state.pages].map(([slug, page]) => ({ slug, ...page })), ...rendering() });
  });
  router.put('/api/cms/pages/:slug', (request, response) => {
    const draft: unknown = request.body?.draft;
    if (typeof draft !== 'string' || draft.length > 2000) {
      response.status(400).json({ error: 'expected draft, a string of at most 2000 characters' });
      return;
    }
    const page = pageOf(request.params.slug, response);
    if (page === null) return;
    page.draft = draft;
    response.json(shown(request.params.slug, page, 'draft'));
  });
  router.post('/api/cms/pages/:slug/publish', async (request, response) => {
    const { slug } = request.params;
    const page = pageOf(slug, response);
    if (page === null) return;
    page.published = page.draft;
    // Answered after the purge: whoever reads the answer reads the new page next.
    const purged = await purgePage(pageKey(slug));
    response.json({ ...shown(slug, page, 'published'), purged });
  });

  router.use('/preview', editorOnly);
  router.get('/preview/:slug', (request, response) => {
    // As careless as back ends are: the edge must not cache this all the same.
    response.set('Cache-Control', 'public, max-age=60');
    const page = pageOf(request.params.slug, response);
    if (page !== null) response.json(shown(request.params.slug, page, 'draft'));
  });
  router.get('/dashboard/', editorOnly, (_request, response) => {
    response.set('Cache-Control', 'private, max-age=0');
    response.json({ editor: true, pages: [...state.pages.keys()], ...rendering() });
  });
  return router;
}

function pageKey(slug: string): string {
  return `page:${encodeURIComponent(slug)}`;
}

function shown(slug: string, page: CmsPage, version: 'draft' | 'published'): object {
  return { slug, version, text: page[version], ...rendering() };
}
