import type { FreshnessReason } from '../cache/freshness/freshness-decision.ts';
import type { ErrorCode } from '../errors.ts';
import type { Reason } from '../lanes/lane.ts';
import type { TestEdge } from './test-edge.ts';
import type { TestPlan } from './test-plan.ts';

/** What to do about a lane that was not expected. */
export function adviceOnPlan({ lane, reason, route, code }: TestPlan): string {
  if (route === 'default' && (lane === 'public' || reason === 'authorization-unclaimed')) return NO_ROUTE;
  const known = BY_CODE[code as ErrorCode] ?? BY_REASON[reason as Reason];
  if (known !== undefined) return known;
  if (lane === 'public') return `write \`scope: 'user'\` into the route ${route}.`;
  return `see what \`claimcache explain\` says of this request, and ${reason} in docs/reference/logs.md#reasons.`;
}

const NO_ROUTE =
  'no route of the policy matches this path: add one with a scope, or correct the path. `:name` is one segment, `**` any number.';
const WHO_ASKS =
  "say who asks, `{ as: { sub: '42' } }`; where several providers issue tokens, `provider` too.";

const BY_CODE: Readonly<Partial<Record<ErrorCode, string>>> = {
  ERR_CREDENTIAL_MISSING: WHO_ASKS,
  ERR_TOKEN_EXPIRED: 'the token of this request has expired: `expiresInSeconds` is below 0.',
  ERR_SCOPE_CLAIM: 'give `as` every claim that the scope names, as text, a whole number or a boolean.',
  ERR_SCOPE_SET: 'give `as` fewer members of the set, or raise `atMost` of that part of the scope.',
  ERR_SCOPE_INSUFFICIENT: 'give `as` the claims that the scope asks for in `requiredClaims`.',
  ERR_TOKEN_CLAIM:
    'the token is not one that the provider takes: see its `issuer`, `audience` and required claims.',
  ERR_HOST_UNKNOWN: 'the policy has `hosts`: send one of them, `headers: { host }`.',
  ERR_ORIGIN_UNREACHABLE:
    'the origin of the test has thrown, or does not listen: see `cause` in `edge.logs`.',
};

const BY_REASON: Readonly<Partial<Record<Reason, string>>> = {
  'scope-sensitive':
    'the route has `cache: false`: nothing of it is stored, and expectNeverStored is what proves that.',
  'scope-write': 'a write is never cached: ask with GET.',
  'unsafe-method':
    "a write is never cached: ask with GET, or give the route `methods: ['POST']`, `body: 'json'` where a POST only asks.",
  'query-method': "give the route `methods: ['QUERY']` and `body`: QUERY is cached where a route says so.",
  'body-unkeyed':
    'the body cannot be part of the key: `detail` in `edge.logs` says why, and `headers` needs the `content-type`.',
  'scope-fallback-pass': `the route lets whoever has no token pass (\`onMissing\`, \`onInvalid\`): ${WHO_ASKS}`,
  'scope-fallback-public': `whoever has no token gets the public page (\`onMissing\`, \`onInvalid\`): ${WHO_ASKS}`,
  'cms-cookie': 'the request has a cookie of an editor (`cms.cookies`), and passes: send it without.',
  'cms-query': 'the request has a parameter of previews (`cms.query`), and passes: send it without.',
  'cms-header': 'the request has a header of previews (`cms.headers`), and passes: send it without.',
  'scope-editor':
    'the request has a cookie, parameter or header of an editor (`cms`), and passes: send it without.',
  'cms-path': 'the path is one of the editors (`cms.paths`): everything there passes.',
  'authorization-unclaimed':
    'the route has no scope, so that the token of this request is not for the edge: give the route a scope.',
  'route-pass': "the route says `lane: 'pass'`.",
  'protected-lookalike':
    'the path looks like a protected one to some origin, and passes: see docs/concepts/lanes.md.',
  'switch-pass': 'a switch of `config` has turned the cache off.',
};

/** What to do about an answer of the cache that was not expected: what the log says of the last request. */
export function adviceOnState({ logs }: TestEdge): string {
  const last = logs.at(-1);
  if (last === undefined) return 'nothing was logged: see whether a handler has answered.';
  if (last.code !== null) {
    return (
      BY_CODE[last.code] ??
      `the request failed with ${last.code} (${last.cause ?? 'docs/reference/errors.md'}).`
    );
  }
  return (
    BY_DETAIL[last.detail as FreshnessReason] ??
    `see ${last.detail || last.reason} in docs/reference/logs.md.`
  );
}

const FRESH = 'let the origin send `Cache-Control: private, max-age=60`';
const BY_DETAIL: Readonly<Partial<Record<FreshnessReason, string>>> = {
  'no-store':
    'the origin of the test answers `no-store`, which the edge obeys: let it send what the real one sends.',
  'no-cache':
    'the origin answers `no-cache`, which the edge obeys: let it send `max-age` where the page may be kept.',
  'no-freshness': `the origin says nothing of how long the page is fresh: ${FRESH}, or give the route \`ttlSeconds: { default: 60 }\`.`,
  'zero-ttl': `the page is stale on arrival: ${FRESH}, and see \`ttlSeconds.max\` of the route.`,
  private:
    'the page says `private`, and its entry is that of several people: only `public` or `s-maxage` makes it theirs.',
  'no-consent':
    'the scope is shared by several people, and the origin has not agreed: let it send `Cache-Control: public, max-age=60`.',
  'set-cookie':
    'the answer sets a cookie, and is not stored: set it elsewhere, or see `stripSetCookie` (public routes) and `stripSetCookies` (scoped ones).',
  'vary-star': 'the answer says `Vary: *`, so that it fits no other request.',
  status:
    'the origin answers with a status that is not cached: let it send 200, or see `negativeTtlSeconds`.',
  partial: 'the origin answers 206, which is never stored.',
  'content-mismatch':
    'the type of the answer is not the one that the path promises: an error page in the place of a file?',
};
