import { createHash } from 'node:crypto';
import type { LogRecord } from '../../../src/request/log-record.ts';

/** What the requests of a small shop look like in its log: a mix, in a fixed order, of which every line is one that the service writes. */
const KINDS: readonly (Partial<LogRecord> & { readonly often: number; readonly path: string })[] = [
  hit(34, 'orders', '/api/orders', 'scoped', 21),
  hit(20, 'dashboard', '/api/dashboard', 'scoped', 48),
  hit(18, 'pages', '/pages/welcome', 'public', 212),
  hit(8, 'team_report', '/api/team/report', 'scoped', 133),
  miss(6, 'orders', '/api/orders', 'stored', 182),
  miss(4, 'dashboard', '/api/dashboard', 'stored', 240),
  miss(3, 'profile', '/api/profile', 'no-store', 95),
  {
    ...miss(3, 'pages', '/pages/spring-sale', 'set-cookie', 140),
    lane: 'public',
    reason: 'anonymous',
    fingerprint: null,
    notes: ['set-cookie'],
  },
  {
    ...bypass(5, 'pages', '/pages/welcome', 'vary-unkeyed', 130),
    unkeyedVary: ['X-Inertia'],
  },
  bypass(4, 'pages', '/pages/welcome', 'cms-cookie', 155),
  { ...bypass(3, 'profile', '/api/profile', 'scope-write', 88), method: 'PUT', purged: 1 },
  {
    ...hit(2, 'team_report', '/api/team/report', 'scoped', 610),
    state: 'STALE',
    detail: 'while-revalidate',
  },
  {
    ...bypass(2, 'orders', '/api/orders', 'error', 0),
    lane: 'reject',
    state: 'ERROR',
    detail: '',
    status: 401,
    code: 'ERR_TOKEN_EXPIRED',
    originMs: null,
    totalMs: 1.4,
    fingerprint: null,
  },
];

/** As many different people as there are in the log. */
const PEOPLE = 23;

function hit(often: number, route: string, path: string, lane: 'scoped' | 'public', ageSeconds: number) {
  const isScoped = lane === 'scoped';
  return {
    often,
    route,
    path,
    lane,
    state: 'HIT' as const,
    reason: isScoped ? 'scope-verified' : 'anonymous',
    detail: 'fresh',
    ageSeconds,
    ttlSeconds: 300,
    totalMs: 2.3,
    verifyMs: isScoped ? 0.4 : null,
    provider: isScoped ? 'app' : null,
    algorithm: isScoped ? ('HS256' as const) : null,
  };
}

function miss(often: number, route: string, path: string, detail: string, originMs: number) {
  const stored = detail === 'stored';
  return {
    ...hit(often, route, path, 'scoped' as const, 0),
    state: 'MISS' as const,
    detail,
    originMs,
    totalMs: originMs + 4,
    ttlSeconds: stored ? 300 : null,
    ageSeconds: stored ? 0 : null,
  };
}

function bypass(often: number, route: string, path: string, reason: string, originMs: number) {
  return {
    often,
    route,
    path,
    lane: 'pass' as const,
    state: 'BYPASS' as const,
    reason,
    detail: '',
    originMs,
    totalMs: originMs + 3,
    ttlSeconds: null,
    ageSeconds: null,
  };
}

/** Spread evenly: of each kind as often as it says, and never all of one at once. */
const ORDER = KINDS.flatMap((kind, i) =>
  Array.from({ length: kind.often }, (_, n) => ({
    kind,
    place: (n + (i + 1) / (KINDS.length + 1)) / kind.often,
  })),
)
  .sort((a, b) => a.place - b.place)
  .map(({ kind }) => kind);

/** Line `n` of the log, written at `timeMs`: the same one whenever it is asked for. */
export function recordedLine(n: number, timeMs: number): string {
  const { often: _often, path, ...fields } = ORDER[n % ORDER.length] as (typeof KINDS)[number];
  const person = (n * 7) % PEOPLE;
  const record: LogRecord & { readonly path: string } = {
    v: 1,
    time: new Date(timeMs).toISOString(),
    requestId: n.toString(16).padStart(16, '0'),
    method: 'GET',
    route: null,
    lane: 'public',
    state: 'HIT',
    reason: '',
    detail: '',
    status: 200,
    code: null,
    cause: null,
    ttlSeconds: null,
    ageSeconds: null,
    originMs: null,
    verifyMs: null,
    vcpuMs: 1.6,
    totalMs: 2,
    provider: null,
    algorithm: null,
    fingerprint: fields.lane === 'public' ? null : fingerprintOf(person),
    engine: 'readthrough',
    localCache: false,
    purged: 0,
    notes: [],
    unkeyedVary: [],
    strippedCookies: [],
    refusedCookies: 0,
    observed: null,
    tier: 'edge',
    shield: null,
    ...fields,
    path,
  };
  return JSON.stringify(record);
}

/** Shaped as the service's, and of nobody. */
function fingerprintOf(person: number): string {
  return createHash('sha256').update(`person ${person}`).digest('base64url').slice(0, 22);
}
