import * as v from 'valibot';
import { type PolicyProblem, shown } from './policy-error.ts';
import { cms, fallbackPage, origin, rate } from './schema-origins.ts';
import {
  claimValue,
  cookieName,
  corsHeader,
  count,
  headerName,
  headerNames,
  path,
  record,
  requiredClaims,
  seconds,
  text,
  texts,
} from './settings.ts';

/**
 * The shape of a policy, checked at build time. What TypeScript's types promise is checked again here, because
 * a policy may be written in JavaScript, cast, or generated. What a shape cannot say is in `checks.ts`.
 */

export const ALGORITHMS = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

const fallback = v.picklist(['reject', 'pass', 'public']);

const jwk = v.looseObject({ kty: text });

const remote = {
  backend: text,
  ttlSeconds: v.optional(count(86_400)),
  keepSeconds: v.optional(seconds),
  cooldownSeconds: v.optional(count(3600)),
  timeoutMs: v.optional(count(30_000)),
};

const keys = v.union(
  [
    v.strictObject({
      secretStore: text,
      item: text,
      format: v.optional(v.picklist(['jwk', 'raw'])),
    }),
    v.strictObject({ configStore: text, item: text }),
    v.strictObject({ jwk }),
    v.strictObject({ jwks: v.strictObject({ keys: v.array(jwk) }) }),
    v.strictObject({ jwksUrl: text, ...remote }),
    v.strictObject({ discovery: text, ...remote }),
  ],
  'one of {secretStore, item, format?}, {configStore, item}, {jwk}, {jwks}, {jwksUrl, backend}, {discovery, backend}',
);

const provider = v.strictObject({
  credentials: v.optional(
    v.pipe(
      v.array(
        v.union(
          [
            v.strictObject({ header: headerName, scheme: v.optional(text) }),
            v.strictObject({ cookie: cookieName }),
          ],
          '{header, scheme?} or {cookie}; a cookie may be a pattern, such as sb-*-auth-token',
        ),
      ),
      v.minLength(1),
    ),
  ),
  algorithms: v.pipe(
    v.array(v.picklist(ALGORITHMS)),
    v.minLength(1, 'at least one algorithm: a token must never choose'),
  ),
  keys,
  issuer: v.optional(text),
  audience: v.optional(v.union([text, v.pipe(texts, v.minLength(1))])),
  clockToleranceSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(300))),
  type: v.optional(text),
  maxTokenAgeSeconds: v.optional(count(31_536_000)),
});

const accepted = v.pipe(v.array(text), v.minLength(1), v.maxLength(256));
const part = v.union(
  [
    v.strictObject({ contains: text, value: claimValue }),
    v.strictObject({ header: headerName, values: v.optional(accepted) }),
    v.strictObject({ cookie: cookieName, values: v.optional(accepted) }),
    v.strictObject({
      country: v.union([v.literal(true), v.array(v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)))]),
    }),
    v.strictObject({ device: v.literal(true) }),
  ],
  "{contains, value}, {header, values?}, {cookie, values?}, {country: true | ['DE', …]} or {device: true}",
);

const scope = v.strictObject({
  claims: v.optional(v.union([text, v.pipe(texts, v.minLength(1), v.maxLength(8))])),
  parts: v.optional(v.pipe(v.array(part), v.minLength(1), v.maxLength(8))),
  requiredClaims: v.optional(requiredClaims),
  providers: v.optional(texts),
  shared: v.optional(v.boolean()),
  assertedBy: v.optional(headerName),
});

const ttl = v.strictObject({
  default: v.optional(seconds),
  min: v.optional(seconds),
  max: v.optional(seconds),
});

const graphqlName = v.pipe(v.string(), v.regex(/^[_A-Za-z][_0-9A-Za-z]*$/, 'a GraphQL name'));
const graphql = v.strictObject({
  types: v.optional(
    v.record(
      graphqlName,
      v.union([
        v.literal(true),
        v.strictObject({ ttlSeconds: v.optional(seconds), surrogateKey: v.optional(v.boolean()) }),
      ]),
    ),
  ),
  fields: v.optional(
    v.record(
      graphqlName,
      v.strictObject({ ttlSeconds: v.optional(seconds), types: v.optional(v.array(graphqlName)) }),
    ),
  ),
  documents: v.optional(v.record(text, text)),
  unknownHash: v.optional(v.picklist(['pass', 'ask'])),
  limits: v.optional(
    v.strictObject({
      bodyBytes: v.optional(count(1_048_576)),
      answerBytes: v.optional(count(8_388_608)),
      tokens: v.optional(count(20_000)),
      depth: v.optional(count(200)),
    }),
  ),
});

const route = v.strictObject({
  path,
  scope: v.optional(text),
  lane: v.optional(v.picklist(['public', 'pass'])),
  cache: v.optional(v.boolean()),
  origin: v.optional(text),
  ttlSeconds: v.optional(v.union([seconds, ttl])),
  staleWhileRevalidateSeconds: v.optional(seconds),
  staleIfErrorSeconds: v.optional(seconds),
  browserTtlSeconds: v.optional(seconds),
  negativeTtlSeconds: v.optional(
    v.record(v.pipe(v.string(), v.regex(/^[45]\d\d$/, 'a status from 400 to 599')), seconds),
  ),
  stripSetCookie: v.optional(v.boolean()),
  stripSetCookies: v.optional(v.array(cookieName)),
  onMissing: v.optional(fallback),
  onInvalid: v.optional(fallback),
  vary: v.optional(v.array(headerName)),
  ignoreVary: v.optional(v.array(headerName)),
  compress: v.optional(v.boolean()),
  query: v.optional(v.union([v.picklist(['all', 'none']), texts])),
  purgeOnWrite: v.optional(v.boolean()),
  capAtTokenExpiry: v.optional(v.boolean()),
  forwardCredential: v.optional(v.boolean()),
  forwardClaims: v.optional(v.record(headerName, text)),
  revocation: v.optional(v.boolean()),
  limitBadTokens: v.optional(v.boolean()),
  cors: v.optional(v.boolean()),
  passLimit: v.optional(v.boolean()),
  fallbackPage: v.optional(v.union([v.literal(false), fallbackPage])),
  graphql: v.optional(
    v.union([v.boolean(), graphql], 'true, or {types?, fields?, documents?, unknownHash?, limits?}'),
  ),
});

const policy = v.strictObject({
  stores: v.optional(v.strictObject({ config: v.optional(text), secrets: v.optional(text) })),
  logEndpoint: v.optional(text),
  hosts: v.optional(v.pipe(texts, v.minLength(1))),
  origins: record(origin),
  cms: v.optional(cms),
  providers: v.optional(record(provider)),
  scopes: v.optional(record(scope)),
  revocation: v.optional(
    v.strictObject({
      store: v.optional(text),
      scopes: texts,
      onUnavailable: v.optional(v.picklist(['reject', 'allow'])),
      maxTokenSeconds: v.optional(count(31_536_000)),
    }),
  ),
  badTokenLimit: v.optional(rate),
  passLimit: v.optional(rate),
  clientAddress: v.optional(v.strictObject({ headers: v.pipe(v.array(headerName), v.minLength(1)) })),
  requestHeaders: v.optional(
    v.strictObject({ allow: v.optional(v.array(headerName)), drop: v.optional(v.array(headerNames)) }),
  ),
  fallbackPage: v.optional(fallbackPage),
  selfPurge: v.optional(
    v.union(
      [
        v.literal(false),
        v.strictObject({
          count: v.optional(count(1000)),
          windowSeconds: v.optional(v.picklist([1, 10, 60])),
          blockMinutes: v.optional(count(60)),
          rateCounter: v.optional(text),
          penaltyBox: v.optional(text),
        }),
      ],
      'false or {count?, windowSeconds?, blockMinutes?, rateCounter?, penaltyBox?}',
    ),
  ),
  routes: record(route),
  ignoreQuery: v.optional(texts),
  ignoreVary: v.optional(v.array(headerName)),
  cors: v.optional(
    v.strictObject({
      origins: v.union([
        v.literal('*'),
        v.pipe(
          v.array(
            v.pipe(
              v.string(),
              v.regex(
                /^https?:\/\/(?:\*\.)?[a-z0-9][a-z0-9.-]*(?::\d+)?$/i,
                'an origin: https://app.example.com',
              ),
            ),
          ),
          v.minLength(1),
        ),
      ]),
      methods: v.optional(v.array(headerName)),
      headers: v.optional(v.array(corsHeader)),
      exposeHeaders: v.optional(v.array(corsHeader)),
      credentials: v.optional(v.boolean()),
      maxAgeSeconds: v.optional(seconds),
    }),
  ),
  https: v.optional(v.picklist(['redirect', 'require', 'off'])),
  hstsSeconds: v.optional(seconds),
  limits: v.optional(
    v.strictObject({
      urlBytes: v.optional(count(7000)),
      tokenBytes: v.optional(count(65_536)),
      bufferBytes: v.optional(count(1_048_576)),
      collapseTimeoutMs: v.optional(count(60_000)),
      headerBytes: v.optional(count(65_536)),
      cookieBytes: v.optional(count(65_536)),
      cookiePairs: v.optional(count(1000)),
      firstByteTimeoutMs: v.optional(count(600_000)),
      betweenBytesTimeoutMs: v.optional(count(600_000)),
      bodyTimeoutMs: v.optional(count(600_000)),
      retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3))),
      sandboxRequests: v.optional(count(100_000)),
      sandboxIdleMs: v.optional(count(60_000)),
    }),
  ),
});

/** Every way in which `input` has not the shape of a policy. */
export function shapeProblems(input: unknown): readonly PolicyProblem[] {
  const result = v.safeParse(policy, input);
  if (result.success) return [];
  return result.issues.map((issue) => ({
    code: issue.path?.some(({ key }) => key === 'algorithms') ? 'POLICY_ALGORITHM' : 'POLICY_SHAPE',
    path: (issue.path ?? []).map(({ key }) => String(key)).join('.'),
    value: shown(issue.input),
    mend:
      issue.expected === 'never'
        ? 'No such setting: remove it, or mend its spelling.'
        : `Expected ${issue.expected ?? issue.message}${issue.message.startsWith('Invalid') ? '' : ` (${issue.message})`}.`,
  }));
}
