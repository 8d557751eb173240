import * as v from 'valibot';
import type { Report } from '../policy-error.ts';
import {
  backendName,
  choice,
  has,
  list,
  millisecondsUpTo,
  object,
  oneOf,
  seconds,
  secondsUpTo,
  text,
} from '../settings.ts';
import type { Algorithm, Encryption } from './algorithm-names.ts';
import { isTrustedUrl } from './trusted-url.ts';

/** A JSON Web Key (RFC 7517). Private members are refused by the policy. */
export interface JsonWebKeyInput {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly [member: string]: unknown;
}

/**
 * What an item of the Secret Store holds.
 * - `jwk` (default): a JWK or a JWKS. `raw`: a secret for HMAC, as it is.
 * - `authjs`, `nextauth`: the secret of Auth.js (v5) or NextAuth (v4), of which the key of its sessions is derived; to change it, a JSON
 *   list of secrets, four at most, the new one first, here and in the application. Each has 32 bytes or more. Accepted: compact JWE with
 *   `alg: dir` and the provider's one `enc`.
 */
export type SecretFormat = 'jwk' | 'raw' | 'authjs' | 'nextauth';

/**
 * Where a verification key comes from. A store item holds a JWK, a JWKS, or (HMAC only) a raw secret. HMAC secrets belong in the Secret Store.
 * A key that is not usable is left out: RSA under 2048 or above 8192 bits, HMAC under 32 bytes, a point off its curve, another use or type. Its
 * tokens get 401 (`ERR_KEY_UNKNOWN`), and `/.edge/status` has the reason under `refused`. docs/concepts/identity.md
 */
export type KeySourceInput =
  | { readonly secretStore: string; readonly item: string; readonly format?: SecretFormat }
  | { readonly configStore: string; readonly item: string }
  | { readonly jwk: JsonWebKeyInput }
  | { readonly jwks: { readonly keys: readonly JsonWebKeyInput[] } }
  | RemoteKeysInput;

/**
 * Keys from a server, by a backend of fastly.toml: `jwksUrl` names the JWKS itself, `discovery` the OpenID issuer whose
 * `/.well-known/openid-configuration` leads to it: that document has to name the issuer, and a `jwks_uri` on the same host. HTTPS, except on
 * this machine. At most 128 keys, 128 KiB, and three redirects on the same origin.
 * - `ttlSeconds` (300): a set is fetched again after this. `keepSeconds` (86400): how long the last good set serves while its server is down.
 *   The log (`detail` `keys`) and `/.edge/status` (`why`) have the cause.
 * - `cooldownSeconds` (30): between two attempts for an unknown `kid` or after a failure. `timeoutMs`: 2000.
 */
export type RemoteKeysInput = ({ readonly jwksUrl: string } | { readonly discovery: string }) & {
  readonly backend: string;
  /** A set is asked for again after this. Default 300. */
  readonly ttlSeconds?: number;
  /** How long the last good set serves while its server is down. Default 86400. */
  readonly keepSeconds?: number;
  /** Between two attempts for an unknown `kid` or after a failure. Default 30. */
  readonly cooldownSeconds?: number;
  /** Default 2000. */
  readonly timeoutMs?: number;
};

export type KeySource =
  | {
      readonly kind: 'secretStore';
      readonly store: string;
      readonly item: string;
      readonly format: SecretFormat;
    }
  | { readonly kind: 'configStore'; readonly store: string; readonly item: string }
  | { readonly kind: 'inline'; readonly keys: readonly JsonWebKeyInput[] }
  | RemoteKeySource;

/** A JWKS by URL, from a named backend. */
export interface RemoteKeySource {
  readonly kind: 'remote';
  readonly backend: string;
  /** The JWKS, or with `issuer` the discovery document that leads to it. */
  readonly url: string;
  /** OpenID discovery: the `issuer` that the document must name. null: `url` is the JWKS. */
  readonly issuer: string | null;
  /** A set is asked for again after this. */
  readonly ttlSeconds: number;
  /** The last good set serves that long when the server is down. */
  readonly keepSeconds: number;
  /** Between two attempts, whatever the reason of the second. */
  readonly cooldownSeconds: number;
  readonly timeoutMs: number;
}

const jwk = v.looseObject(
  { kty: text },
  'Expected a JSON Web Key with its kty (RFC 7517), such as { kty: "RSA", n: "…", e: "AQAB" }.',
);
const remote = {
  backend: backendName,
  ttlSeconds: v.optional(secondsUpTo(86_400)),
  keepSeconds: v.optional(seconds),
  cooldownSeconds: v.optional(secondsUpTo(3600)),
  timeoutMs: v.optional(millisecondsUpTo(30_000)),
};

export const keySource = oneOf(
  'Expected one of { secretStore, item, format? }, { configStore, item }, { jwk }, { jwks }, { jwksUrl, backend } and { discovery, backend }.',
  [
    has('secretStore'),
    object({
      secretStore: text,
      item: text,
      format: v.optional(choice('jwk', 'raw', 'authjs', 'nextauth')),
    }),
  ],
  [has('configStore'), object({ configStore: text, item: text })],
  [has('jwk'), object({ jwk })],
  [has('jwks'), object({ jwks: object({ keys: list(jwk, '[{ kty: "RSA", … }]') }) })],
  [has('jwksUrl'), object({ jwksUrl: text, ...remote })],
  [has('discovery'), object({ discovery: text, ...remote })],
);

export function compileKeySource(input: KeySourceInput): KeySource {
  if ('secretStore' in input) {
    return { kind: 'secretStore', store: input.secretStore, item: input.item, format: input.format ?? 'jwk' };
  }
  if ('configStore' in input) return { kind: 'configStore', store: input.configStore, item: input.item };
  if ('jwk' in input) return { kind: 'inline', keys: [input.jwk] };
  return 'jwks' in input ? { kind: 'inline', keys: input.jwks.keys } : compileRemoteKeys(input);
}

function compileRemoteKeys(input: RemoteKeysInput): RemoteKeySource {
  return {
    kind: 'remote',
    backend: input.backend,
    // OpenID Connect Discovery 1.0 section 4: the path is appended to the issuer's, without its last slash.
    url:
      'jwksUrl' in input
        ? input.jwksUrl
        : `${input.discovery.replace(/\/$/, '')}/.well-known/openid-configuration`,
    issuer: 'jwksUrl' in input ? null : input.discovery,
    ttlSeconds: input.ttlSeconds ?? 300,
    keepSeconds: input.keepSeconds ?? 86_400,
    cooldownSeconds: input.cooldownSeconds ?? 30,
    timeoutMs: input.timeoutMs ?? 2000,
  };
}

/** What is wrong with keys by URL. */
export function remoteKeyProblems(
  at: string,
  keys: KeySourceInput,
  algorithms: readonly (Algorithm | Encryption)[],
  report: Report,
): void {
  if (!('jwksUrl' in keys || 'discovery' in keys)) return;
  const setting = 'jwksUrl' in keys ? 'jwksUrl' : 'discovery';
  const url = 'jwksUrl' in keys ? keys.jwksUrl : keys.discovery;
  if (!isTrustedUrl(url)) {
    report(
      'POLICY_KEY',
      `${at}.keys.${setting}`,
      url,
      'Expected an https: URL without user and query (http: only on 127.0.0.1 or localhost).',
    );
  }
  if (algorithms.some((algorithm) => algorithm.startsWith('HS'))) {
    report(
      'POLICY_KEY',
      `${at}.keys`,
      keys,
      'An HMAC key that a server gives out is no secret: put it in the Secret Store.',
    );
  }
}
