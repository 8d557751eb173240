import type { EditableFields } from '../../../src/http/fields.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { holdsOne } from '../../../src/http/holds-one.ts';
import type {
  HttpCacheHooks,
  HttpCachePort,
  HttpCacheResponse,
  StorageVerdict,
} from '../../../src/platform/http-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';

export interface OriginSays {
  readonly status?: number;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  /** The connection is lost in the middle of the body. */
  readonly breaksOff?: boolean;
}

interface StoredHere {
  readonly says: { readonly status: number; readonly headers: HeaderFields; readonly body: string };
  readonly verdict: Extract<StorageVerdict, { kind: 'store' }>;
  readonly initialAgeMs: number;
  readonly sinceMs: number;
}

type Entry =
  | ({ readonly kind: 'object' } & StoredHere)
  | { readonly kind: 'marker'; readonly untilMs: number };

export interface HttpCacheDouble {
  readonly port: HttpCachePort;
  /** What is stored, or remembered as not to be, by key. */
  readonly entries: Map<string, Entry>;
  readonly verdicts: StorageVerdict[];
  clockMs: number;
  /** How the origin answers; rejects: it cannot be reached. */
  origin: (request: OriginRequest) => Promise<OriginSays>;
  /** What the origin has received. */
  readonly sent: OriginRequest[];
  /** Everything that goes on behind an answer. */
  background: Promise<void>;
  /** What happens when an object has just come into the cache, and nobody has got a byte of its body. */
  whileStored: () => void;
  purge(surrogateKey: string): void;
}

/**
 * Fastly's HTTP cache as `fetch` of js-compute drives it: the order of its hooks, which of them run, what a throw in one does, and
 * the odd figures that it gives of age and ttl. A candidate's headers can be asked by name only.
 */
export function httpCacheDouble(): HttpCacheDouble {
  const double: HttpCacheDouble = {
    entries: new Map(),
    verdicts: [],
    clockMs: 1_000_000,
    origin: async () => ({}),
    sent: [],
    background: Promise.resolve(),
    whileStored: () => {},
    purge(surrogateKey) {
      for (const [key, entry] of double.entries) {
        if (entry.kind === 'object' && entry.verdict.surrogateKeys.includes(surrogateKey))
          double.entries.delete(key);
      }
    },
    port: { fetch: (request, key, hooks) => lookUp(request, key, hooks) },
  };
  return double;

  async function lookUp(request: OriginRequest, key: string, hooks: HttpCacheHooks) {
    const entry = double.entries.get(key);
    if (entry?.kind === 'marker' && double.clockMs < entry.untilMs) {
      return fromOrigin(await ask(request), false);
    }
    const found = entry?.kind === 'object' ? entry : null;
    if (found === null) return fill(request, key, hooks, null);
    const staleForMs = ageMs(found) - found.initialAgeMs - found.verdict.ttlSeconds * 1000;
    if (staleForMs < 0) return fromStore(found, false, false);
    if (staleForMs < found.verdict.staleWhileRevalidateSeconds * 1000) {
      const sent = beforeSend(request, hooks, found);
      double.background = sent
        .then((ready) => answered(ready, key, hooks, found))
        .then(
          () => {},
          () => {},
        );
      return fromStore(found, true, false);
    }
    return fill(
      request,
      key,
      hooks,
      staleForMs < found.verdict.staleIfErrorSeconds * 1000 ? found : null,
      found,
    );
  }

  async function fill(
    request: OriginRequest,
    key: string,
    hooks: HttpCacheHooks,
    ifError: StoredHere | null,
    found: StoredHere | null = ifError,
  ) {
    try {
      return await answered(await beforeSend(request, hooks, found), key, hooks, found, ifError);
    } catch (error) {
      if (ifError === null) throw error;
      return fromStore(ifError, true, true);
    }
  }

  /** The hook runs at once. */
  async function beforeSend(request: OriginRequest, hooks: HttpCacheHooks, found: StoredHere | null) {
    const headers = new HeaderFields(request.headers);
    const etag = found?.says.headers.get('etag') ?? null;
    if (etag !== null) headers.set('if-none-match', etag);
    for (const [name, value] of (await hooks.beforeSend(headers)) ?? []) headers.set(name, value);
    return { ...request, headers };
  }

  async function answered(
    request: OriginRequest,
    key: string,
    hooks: HttpCacheHooks,
    found: StoredHere | null,
    ifError: StoredHere | null = null,
  ): Promise<HttpCacheResponse> {
    const says = await ask(request);
    const renews = says.status === 304 && found !== null;
    const headers = renews ? new HeaderFields(found.says.headers) : says.headers;
    if (renews) for (const [name, value] of says.headers) headers.set(name, value);
    const status = renews ? found.says.status : says.status;
    const verdict = hooks.afterSend({
      status,
      headers: byName(headers),
      holdsOne: (values) => holdsOne(headers, values),
      staleIfErrorAvailable: () => ifError !== null,
    });
    double.verdicts.push(verdict);
    const body = renews ? found.says.body : says.body;
    if (verdict.kind === 'store') {
      const object = {
        says: { status, headers, body },
        verdict,
        initialAgeMs: Number(headers.get('age') ?? 0) * 1000,
        sinceMs: double.clockMs,
      };
      double.entries.set(key, { kind: 'object', ...object });
      double.whileStored();
      // Of a 304 there is no body to look at.
      if (!renews && verdict.check !== null) {
        if (says.breaksOff) throw new TypeError('the connection was lost');
        verdict.check(new TextEncoder().encode(body));
      }
      return { ...fromStore(object, false, false), cached: found !== null };
    }
    if (verdict.kind === 'marker') {
      double.entries.set(key, { kind: 'marker', untilMs: double.clockMs + verdict.ttlSeconds * 1000 });
    }
    // What the runtime hands on of a 304 that is not stored has no body.
    return fromOrigin({ status, headers, body: renews ? '' : body }, found !== null);
  }

  async function ask(request: OriginRequest) {
    double.sent.push(request);
    const { status = 200, headers = [], body = 'page', breaksOff = false } = await double.origin(request);
    return { status, headers: new HeaderFields(headers), body, breaksOff };
  }

  function ageMs({ initialAgeMs, sinceMs }: StoredHere): number {
    return initialAgeMs + double.clockMs - sinceMs;
  }

  function fromStore(object: StoredHere, stale: boolean, masksError: boolean): HttpCacheResponse {
    const leftMs = object.initialAgeMs + object.verdict.ttlSeconds * 1000 - ageMs(object);
    return {
      ...fromOrigin(object.says, true),
      stale,
      masksError,
      ageSeconds: ageMs(object) / 1000 + 0.015_149_686,
      // An unsigned subtraction of nanoseconds.
      ttlSeconds: leftMs < 0 ? 18_446_744_073.709_55 + leftMs / 1000 : leftMs / 1000 - 0.015_149_686,
    };
  }
}

function fromOrigin({ status, headers, body }: StoredHere['says'], cached: boolean): HttpCacheResponse {
  return {
    status,
    headers: new HeaderFields(headers),
    body: new Response(body).body as ReadableStream<Uint8Array>,
    cached,
    stale: false,
    masksError: false,
    ageSeconds: 0,
    ttlSeconds: 0,
  };
}

function byName(headers: HeaderFields): EditableFields {
  return {
    get: (name) => headers.get(name),
    has: (name) => headers.has(name),
    getSetCookie: () => headers.getSetCookie(),
    set: (name, value) => headers.set(name, value),
    append: (name, value) => headers.append(name, value),
    delete: (name) => headers.delete(name),
  };
}
