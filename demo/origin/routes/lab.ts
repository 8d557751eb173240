import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { requirePerson } from '../caller.ts';
import { rendering } from '../rendering.ts';
import { personalBody } from './personal.ts';

interface Mode {
  readonly status?: number;
  /** `WHO` becomes `private` on the personal lab and `public` on the public one. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly waitMs?: (request: Request) => number;
  readonly content?: (request: Request) => object;
}

const FRESH = { 'Cache-Control': 'WHO, max-age=300' };

/** One way for a response to behave each; the conformance suite asks for them by name. */
const MODES: Readonly<Record<string, Mode>> = {
  cacheable: { headers: FRESH },
  'no-store': { headers: { 'Cache-Control': 'no-store' } },
  'no-freshness': {},
  'set-cookie': { headers: { ...FRESH, 'Set-Cookie': 'lab=NEW; Path=/; HttpOnly' } },
  slow: { headers: FRESH, waitMs: ({ query }) => Math.min(Number(query.ms ?? 1000) || 0, 30_000) },
  'vary-accept': {
    headers: { ...FRESH, Vary: 'Accept' },
    content: (request) => ({ accept: request.get('Accept') ?? null }),
  },
  'vary-encoding': { headers: { ...FRESH, Vary: 'Accept-Encoding' } },
  etag: { headers: { ...FRESH, ETag: 'W/"lab-WHOSE"' } },
  stale: { headers: { 'Cache-Control': 'WHO, max-age=1, stale-while-revalidate=60' } },
  'error-500': { status: 500 },
  surrogate: {
    headers: {
      'Cache-Control': 'WHO, max-age=60',
      'Surrogate-Control': 'max-age=300',
      'Surrogate-Key': 'lab lab-surrogate',
    },
  },
  headers: { headers: FRESH, content: (request) => ({ headers: request.headers }) },
};

/** `/lab/:mode` for everyone and `/api/lab/:mode` for a verified caller; a write is answered in the same way. */
export function labRoutes(): Router {
  return Router()
    .all('/lab/:mode', (request, response) => answer(request.params.mode, request, response, 'public'))
    .use('/api/lab', requirePerson)
    .all('/api/lab/:mode', (request, response) => answer(request.params.mode, request, response, 'private'));
}

async function answer(
  name: string,
  request: Request,
  response: Response,
  who: 'public' | 'private',
): Promise<void> {
  const mode = Object.hasOwn(MODES, name) ? MODES[name] : undefined;
  if (mode === undefined) {
    response.status(404).json({ error: 'no such mode', modes: Object.keys(MODES) });
    return;
  }
  await sleep(mode.waitMs?.(request) ?? 0);
  const whose: string = response.locals.person?.sub ?? 'everyone';
  for (const [field, value] of Object.entries(mode.headers ?? {})) {
    const filled = value.replace('WHOSE', whose).replace('WHO', who).replace('NEW', randomUUID());
    response.append(field, filled);
  }
  if (who === 'private') response.append('Vary', 'Authorization');
  const content = { mode: name, ...mode.content?.(request) };
  const body = who === 'private' ? personalBody(response, content) : { ...content, ...rendering() };
  response.status(mode.status ?? 200).json(body);
}
