export interface Fault {
  readonly fault: string;
  readonly result: string;
  readonly tests: readonly string[];
}

/** What origins, clients and stores do wrong, what comes of it, and the tests that show it: files below `test/`. docs/proof/faults.md shows them. */
export const FAULTS: Readonly<Record<'origin' | 'client' | 'store', readonly Fault[]>> = {
  origin: [
    {
      fault:
        'refuses connections, resets, sends garbage, breaks off in its headers, sends two lengths or no valid status',
      result: '502 as problem details',
      tests: ['faults', 'origin-failure', 'stale'],
    },
    {
      fault: 'sends nothing for `firstByteTimeoutMs`',
      result: '504',
      tests: ['origin-failure'],
    },
    {
      fault: 'breaks off in a body',
      result: 'small: 502; large: the client has the start',
      tests: ['large-bodies'],
    },
    {
      fault:
        'status below 200 or above 599, unrequested 101, `Transfer-Encoding: gzip`, field above 64 KiB, no field at all',
      result: '502 on every lane and at a shield',
      tests: ['answers', 'hostile-identity'],
    },
    {
      fault: 'content or `Content-Length` on a 204, 205, 304 or HEAD',
      result: 'removed; the connection stays in sync',
      tests: ['answers'],
    },
    {
      fault: '`Age` or `max-age` is not a number',
      result: '[counts as 0, or is ignored](../concepts/caching.md#for-how-long)',
      tests: ['answers', 'unit/cache/freshness'],
    },
    {
      fault: 'redirects to itself',
      result: 'not followed: the client gets the redirect',
      tests: ['faults'],
    },
    {
      fault: 'sends interim responses (103)',
      result: 'only the final one is stored',
      tests: ['faults'],
    },
    {
      fault: 'bodies of 10 and 100 MB',
      result: 'streamed; never whole in memory',
      tests: ['large-bodies', 'faults'],
    },
  ],
  client: [
    {
      fault: 'a broken chunk',
      result: '400',
      tests: ['answers'],
    },
    {
      fault: 'a body that arrives byte by byte, or a chunk of `ffffffffffffffff` bytes',
      result:
        'read by the edge: 408 ([`ERR_REQUEST_TIMEOUT`](../reference/errors.md)). Streamed to the origin: 504 after `firstByteTimeoutMs`',
      tests: ['answers'],
    },
    {
      fault: 'an impossible `Host`: `x:99999`, `256.256.256.256`, `xn--a`, `[:]`',
      result: '500 by the runtime, not logged',
      tests: ['answers'],
    },
    {
      fault: 'a URL above 8 KiB',
      result: 'the same; [`limits.urlBytes`](../reference/settings.md#limitsinput) gives a 414 before',
      tests: ['hostile-identity'],
    },
    {
      fault: 'a field of 69,000 bytes or more',
      result: '431',
      tests: ['hostile-identity'],
    },
    {
      fault: 'a cache key above 4,096 bytes',
      result: 'hashed',
      tests: ['hostile-identity'],
    },
    {
      fault: 'reads slowly, or disconnects',
      result: 'no other client waits; on `core` see below',
      tests: ['faults', 'large-bodies'],
    },
    {
      fault:
        '10,000 malformed requests: random bytes, many headers, 20 KB of cookies, broken lengths, control headers',
      result: 'no 500, no page of others, nothing stored',
      tests: ['hostile'],
    },
  ],
  store: [
    {
      fault: 'key server down',
      result: '[the last good set](../concepts/identity.md#keys) counts; unknown keys: 503 or 401',
      tests: ['oidc'],
    },
    {
      fault: 'Secret Store, KV Store or secrets missing',
      result: '503 on scoped routes, no `/.edge/`; public pages work',
      tests: ['missing-secrets', 'unit/request/handle-request'],
    },
    {
      fault: 'a broken key beside good ones',
      result: 'left out; its tokens get 401',
      tests: ['hostile-identity'],
    },
    {
      fault: 'key server compresses, redirects, or sends fields of 70,000 bytes',
      result: 'decompressed; followed on the same origin; else 503, the reason is in the log',
      tests: ['hostile-identity'],
    },
  ],
};
