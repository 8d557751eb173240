import { fingerprint, PUBLIC_FINGERPRINT } from '../keys/fingerprint.ts';
import type { CoreEntry, CoreTransaction, Platform } from '../types/platform.ts';

/** RFC 7515 appendix A.1, and a moment before its `exp`. */
export const TOKEN =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const TOKEN_KEY = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
const MOMENT_MS = 1_300_819_000_000;
const SECRET = JSON.stringify({ kty: 'oct', k: TOKEN_KEY });
const BODY = new Uint8Array(4);

/**
 * A platform of cardboard: a clock that stands still, one secret, and a cache in which everything is found. Nothing on it needs
 * what does not exist while the service is being built.
 */
export function buildStage(answered: (status: number, xCache: string | null) => void): Platform {
  return {
    nowMs: () => MOMENT_MS,
    fetchOrigin: () => Promise.reject(new Error('a rehearsal has no origin')),
    respond(status, headers) {
      answered(status, headers.get('x-cache'));
      return { status, headers } as unknown as Response;
    },
    coreCache: {
      transaction: async (key) => entryFor(key) as CoreTransaction,
      lookup: () => null,
      insert: () => ({ write() {}, append() {}, close() {}, abandon() {} }),
    },
    httpCache: null,
    cutOff: () => {},
    hasHttpCache: () => false,
    hasLocalCache: () => false,
    secret: async () => SECRET,
    config: () => () => null,
    readKv: async () => null,
    writeKv: async () => {},
    limiter: () => ({ isBlocked: () => false, count: () => false }),
    country: () => null,
    device: () => null,
    shieldSite: () => null,
    backendHealth: () => 'unknown',
    purge() {},
    log() {},
  };
}

function entryFor(key: string): CoreEntry & { readonly mustInsertOrUpdate: boolean } {
  const whose = key.includes('"joe"')
    ? fingerprint(
        { provider: 'joe', issuer: 'joe', scope: 'user', values: ['joe'], shared: false, surrogateKeys: [] },
        SECRET,
      )
    : PUBLIC_FINGERPRINT;
  const metadata = JSON.stringify({
    v: 2,
    kind: 'object',
    status: 200,
    headers: [
      ['content-type', 'text/plain'],
      ['cache-control', 'max-age=60'],
      ['etag', '"a"'],
    ],
    fingerprint: whose,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
    surrogateKeys: [],
    vary: [],
    lengthBytes: BODY.byteLength,
  });
  let left = 1;
  const read = async () => (left-- > 0 ? { done: false, value: BODY } : { done: true, value: undefined });
  return {
    found: true,
    usable: true,
    stale: false,
    mustInsertOrUpdate: false,
    metadata: () => metadata,
    body: () => ({ getReader: () => ({ read }) }) as unknown as ReadableStream<Uint8Array>,
    lengthBytes: BODY.byteLength,
    ageMs: 1000,
    maxAgeMs: 60_000,
    close() {},
  };
}
