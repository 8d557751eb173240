/**
 * How long a client may use its own copy of a response: what `Cache-Control`, `Expires` and `Age` say (RFC 9111), as the two times that
 * TanStack Query asks for. docs/how-to/client.md has examples.
 */
export interface ResponseLifetime {
  /** For so long the copy is shown without asking. */
  readonly staleTimeMs: number;
  /** For so long a copy that nobody looks at is kept, to be shown while another is fetched. */
  readonly gcTimeMs: number;
}

/** The rest of this file reads nothing but these fields: a `Headers` will do. */
export interface ResponseFields {
  get(name: string): string | null;
}

const NEVER: ResponseLifetime = { staleTimeMs: 0, gcTimeMs: 0 };
/** Timers of browsers overflow beyond it. */
const MAX_SECONDS = Math.floor((2 ** 31 - 1) / 1000);

/**
 * - `no-store`: never shown again without asking, and gone as soon as nobody looks at it.
 * - `no-cache`, `max-age=0`: the same. The browser's own HTTP cache keeps the bytes, and is told 304: that is cheap, and it alone may
 *   show them again.
 * - `max-age=60` with `Age: 20`: fresh for 40 s more. `s-maxage` speaks to shared caches and counts nothing here.
 * - `stale-while-revalidate=30`: kept 30 s longer, to be shown while another is fetched; never with `must-revalidate`.
 * - Nothing said, or nothing that can be read: as `no-cache`. What is not understood makes nothing fresher.
 *
 * @param nowMs - Only for `Expires` without a `Date`.
 */
export function responseLifetime(fields: ResponseFields, nowMs = Date.now()): ResponseLifetime {
  const directives = readDirectives(fields.get('cache-control') ?? '');
  if (directives.has('no-store') || directives.has('no-cache')) return NEVER;

  const lifetimeSeconds = seconds(directives.get('max-age')) ?? secondsUntilExpiry(fields, nowMs);
  const ageSeconds = readAge(fields.get('age'));
  const freshSeconds = lifetimeSeconds - ageSeconds;
  const graceSeconds = directives.has('must-revalidate')
    ? 0
    : (seconds(directives.get('stale-while-revalidate')) ?? 0);
  return { staleTimeMs: toMs(freshSeconds), gcTimeMs: toMs(freshSeconds + graceSeconds) };
}

/** The smaller one counts where a directive stands twice. */
function readDirectives(field: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const part of field.split(',')) {
    const [name = '', value] = part.split('=', 2).map((text) => text.trim());
    const key = name.toLowerCase();
    const before = found.get(key);
    if (!found.has(key)) found.set(key, value);
    else if ((seconds(value) ?? 0) < (seconds(before) ?? 0)) found.set(key, value);
  }
  return found;
}

/** null where nothing stands there; 0, which is stale, for what is no whole number. */
function seconds(text: string | null | undefined): number | null {
  if (text === null || text === undefined) return null;
  const digits = /^"?(\d+)"?$/.exec(text.trim())?.[1];
  return digits === undefined ? 0 : Math.min(Number(digits), MAX_SECONDS);
}

/** What cannot be read is as old as can be. */
function readAge(field: string | null): number {
  if (field === null) return 0;
  return /^\d+$/.test(field.trim()) ? Number(field) : MAX_SECONDS;
}

function secondsUntilExpiry(fields: ResponseFields, nowMs: number): number {
  const expiresMs = httpDateMs(fields.get('expires'));
  const dateMs = httpDateMs(fields.get('date'));
  const lifetimeMs = expiresMs - (Number.isNaN(dateMs) ? nowMs : dateMs);
  return Number.isNaN(lifetimeMs) ? 0 : Math.floor(lifetimeMs / 1000);
}

/** NaN for everything but an HTTP date: `Date.parse` alone takes `Expires: 0` for the year 2000. */
function httpDateMs(text: string | null): number {
  return /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text ?? '')
    ? Date.parse(text ?? '')
    : Number.NaN;
}

function toMs(durationSeconds: number): number {
  return Math.max(0, Math.min(durationSeconds, MAX_SECONDS)) * 1000;
}
