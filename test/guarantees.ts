/** What an origin can rely on, and the tests that hold it: files below `test/`. The table of docs/concepts/security.md is made of this. */
export const GUARANTEES: readonly { readonly text: string; readonly tests: readonly string[] }[] = [
  {
    text: 'Two verified people never share an entry. The key has provider, issuer, scope and typed values, without ambiguity. A keyed fingerprint is checked on each HIT',
    tests: ['conformance/isolation', 'unit/keys', 'edge/leak-guard'],
  },
  {
    text: 'A protected path is verified in [every spelling](lanes.md#paths), with role and revocation. No weaker route and no general rule for another host opens it. A model test compares it with twenty origins in 100,000 cases',
    tests: ['edge/paths', 'unit/paths/model', 'edge/variants-and-hosts', 'unit/routing/route-hosts'],
  },
  {
    text: 'The origin gets the same path, query, cookies and body that were checked',
    tests: ['edge/two-readings', 'edge/headers', 'edge/graphql', 'edge/representations'],
  },
  {
    text: '`X-Claimcache-Claims`, `forwardClaims`, host, scheme and port come from the edge alone. Other fields that select a path, host, method or address arrive only if the policy allows them',
    tests: [
      'edge/headers',
      'unit/request/header-names',
      'edge/forwarded',
      'unit/request/forwarded',
      'unit/origin/visitor-urls',
    ],
  },
  {
    text: 'A verified request carries no other credential. A request that falls back to anonymous carries nothing verified. Tokens in cookies or the query are in no key, redirect or log',
    tests: [
      'edge/two-readings',
      'edge/hostile-identity',
      'unit/request/half-verified',
      'edge/token-cookies',
      'unit/identity/packed-cookies',
    ],
  },
  {
    text: 'A token never selects its key or algorithm, and causes no request. A key that is malformed, too short or off its curve verifies nothing',
    tests: ['edge/hostile-identity', 'unit/identity/attacks', 'unit/identity/keys-loaded'],
  },
  {
    text: 'After a write or purge of a person nothing older is served on this engine, whatever the parts',
    tests: ['edge/overlapping-write', 'edge/hostile-identity', 'edge/paths'],
  },
  {
    text: 'A response that forbids storing is not stored. A response that is cut off or not HTTP is never a HIT',
    tests: ['edge/streams', 'edge/answers', 'unit/cache/freshness', 'cache-tests'],
  },
  {
    text: 'A response goes only to clients that its `Vary` and encoding fit. Its `Set-Cookie` reaches no other client, and replaces no cookie that the edge withheld',
    tests: ['edge/headers', 'edge/representations'],
  },
  {
    text: 'Keys, revocations or switches that cannot be read make a request fail or pass, never public',
    tests: ['edge/missing-secrets', 'edge/switches', 'edge/faults'],
  },
  {
    text: 'Logs, edge responses and errors contain no token, key, claim, cookie or query. Only the operator sees why a token was rejected. Surrogate keys reach no client; no stored header has a trace or request id',
    tests: [
      'edge/log-record',
      'edge/hostile',
      'edge/operator',
      'unit/request/operator-handler',
      'edge/variants-and-hosts',
      'edge/forwarded',
    ],
  },
  {
    text: 'On a shared scope no token or cookie arrives. Each claim has its own name; a set arrives as it is in the key, never cut short',
    tests: ['unit/guides/origins', 'edge/identity', 'unit/policy/setting-errors', 'unit/identity/claim-set'],
  },
  {
    text: "A session endpoint gets one credential. Its answer is never a page, and ends with that person's logout or write",
    tests: ['edge/sessions', 'unit/identity/lookup'],
  },
  {
    text: "With `fallback: 'auto'` a path without a route keeps the visitor's session. Marks of editors only prevent caching",
    tests: ['unit/lanes/fallback', 'unit/guides/policies', 'edge/forwarded'],
  },
  {
    text: 'The worst request costs at most ten times a usual one; reading a body has a deadline. Many bad tokens do not remove good ones from memory',
    tests: ['npm run bench:cost', 'edge/answers', 'unit/identity/token-memory'],
  },
];
