import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Request, type Response, Router } from 'express';
import { requirePerson } from '../caller.ts';
import { rendering } from '../rendering.ts';
import { personalBody } from './personal.ts';

interface Mode {
  /** How it answers one target the first time, the second time, and from the last on. */
  readonly turns?: readonly Mode[];
  /** Begins a body of a thousand bytes, and breaks off. */
  readonly breaksOff?: boolean;
  readonly status?: number;
  /** `WHO` becomes `private` on the personal lab and `public` on the public one. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly waitMs?: (request: Request) => number;
  readonly content?: (request: Request) => object;
}

const FRESH = { 'Cache-Control': 'WHO, max-age=300' };

/** Stale after a second. */
const brief = (more: string) => ({ headers: { 'Cache-Control': `WHO, max-age=1${more}`, ETag: '"brief"' } });
/** Without the validator, so that what follows is asked for whole. */
const briefOnce = (more: string) => ({ headers: { 'Cache-Control': `WHO, max-age=1${more}` } });
const FORBIDDEN = { headers: { 'Cache-Control': 'no-store, max-age=86400' } };

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
  // For what is read of the platform: see the suite's platform.test.ts.
  'headers-no-store': { ...FORBIDDEN, content: (request) => ({ headers: request.headers }) },
  'no-store-once': { turns: [FORBIDDEN, { headers: FRESH }] },
  'error-once': { turns: [{ status: 503 }, { headers: FRESH, waitMs: () => 300 }] },
  'refresh-fails': { turns: [briefOnce(', stale-while-revalidate=60'), { status: 500 }] },
  'stale-if-error': { turns: [briefOnce(', stale-if-error=60'), { status: 503 }] },
  'must-revalidate': { turns: [briefOnce(', stale-if-error=60, must-revalidate'), { status: 503 }] },
  renewed: brief(''),
  large: { headers: FRESH, content: () => ({ filler: '0123456789'.repeat(1_000_000) }) },
  'cut-once': { turns: [{ headers: FRESH, breaksOff: true }, { headers: FRESH }] },
};

/** How often each target has been asked for, of modes with turns. */
const turnsOf = new Map<string, number>();
const MAX_TARGETS = 10_000;

/** The mode itself, or what its turn is. */
function turn(mode: Mode, { originalUrl }: Request): Mode {
  if (mode.turns === undefined) return mode;
  const before = turnsOf.get(originalUrl) ?? 0;
  if (turnsOf.size >= MAX_TARGETS) turnsOf.clear();
  turnsOf.set(originalUrl, before + 1);
  return mode.turns[Math.min(before, mode.turns.length - 1)] ?? mode;
}

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
  const known = Object.hasOwn(MODES, name) ? MODES[name] : undefined;
  if (known === undefined) {
    response.status(404).json({ error: 'no such mode', modes: Object.keys(MODES) });
    return;
  }
  const mode = turn(known, request);
  await sleep(mode.waitMs?.(request) ?? 0);
  const whose: string = response.locals.person?.sub ?? 'everyone';
  for (const [field, value] of Object.entries(mode.headers ?? {})) {
    const filled = value.replace('WHOSE', whose).replace('WHO', who).replace('NEW', randomUUID());
    response.append(field, filled);
  }
  if (who === 'private') response.append('Vary', 'Authorization');
  if (mode.breaksOff) {
    response.set({ 'Content-Type': 'application/json', 'Content-Length': '1000' }).write('{');
    // What is written has to leave before the connection ends.
    setImmediate(() => response.destroy());
    return;
  }
  const content = { mode: name, ...mode.content?.(request) };
  const body = who === 'private' ? personalBody(response, content) : { ...content, ...rendering() };
  response.status(mode.status ?? 200).json(body);
}
