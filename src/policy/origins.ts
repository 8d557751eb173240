import * as v from 'valibot';
import { normalPattern } from '../paths/normal-pattern.ts';
import { hosts } from './hosts.ts';
import { FIRST_BYTE_TIMEOUT_MS, type LimitsInput } from './limits.ts';
import type { Report } from './policy-error.ts';
import {
  backendName,
  has,
  headerName,
  list,
  matching,
  millisecondsUpTo,
  object,
  oneOf,
  path,
  record,
  text,
} from './settings.ts';
import { type StoresInput, secretStoreOf } from './stores.ts';

/** One backend of fastly.toml and which requests it serves. */
export interface OriginInput {
  /** The backend's name in fastly.toml. */
  readonly backend: string;
  /** Path patterns that this origin serves. Default: everything no other origin claims. */
  readonly paths?: readonly string[];
  /** The `Host` sent to the origin. Default: the request's own. */
  readonly hostHeader?: string;
  /** Hosts that this origin serves, exactly. Default: any. An origin of the request's host comes first. */
  readonly hosts?: readonly string[];
  /**
   * A locked origin: a header with a secret from the Secret Store, on every request to it, never let through from a client.
   * `{ header: 'x-origin-secret', item: 'origin_secret' }`. Where the secret cannot be had, the origin is not asked (502). Origins of one
   * backend have the same lock, or none. Mutual TLS is a setting of the backend: docs/how-to/origins.md
   */
  readonly lock?: { readonly header: string; readonly item: string; readonly secretStore?: string };
  /** Instead of `limits.firstByteTimeoutMs`: for an origin that is slower, or has to be quicker, than the others. */
  readonly firstByteTimeoutMs?: number;
  /** A second pass of this service stands before the origin: docs/how-to/shielding.md. Needs the secret `shield_key`. */
  readonly shield?: ShieldInput;
}

/** The origins. Each is a backend of fastly.toml, by a name of its own. */
export type OriginsInput = Readonly<Record<string, OriginInput>>;

/**
 * - `{ site: 'pdx-or-us' }`: a shield location of Fastly, by its code. That location itself, and any service without a location of that name, ask
 *   the origin directly.
 * - `{ backend: 'shield' }`: a backend behind which this service runs once more, with the same policy and secrets.
 *
 * The edge does what belongs to the client: own handlers, CORS, `/.edge/`, verification, rate limits, response headers, fallback page. It looks into
 * its cache first. The shield takes lane, keys and client address from the edge. It looks into its cache second, then asks the origin, with `lock`
 * and retries. GraphQL queries and requests that are cached by their body use no shield. After a write the edge purges with `backend`, the shield with `site`.
 *
 * The edge signs the request to the origin, the scope, the keys and the time with HMAC-SHA256 under `shield_key`, in `X-Claimcache-Shield`. The body
 * of a write is not signed. A client's header of that name is rejected, and no origin gets it. A request can be replayed as a read of the same
 * page for 30 s; a write is accepted once per place.
 */
export type ShieldInput = { readonly site: string } | { readonly backend: string };

export interface Origin {
  readonly name: string;
  readonly backend: string;
  readonly paths: readonly string[];
  readonly hostHeader: string | null;
  /** Lower case. */
  readonly hosts: readonly string[];
  /** A header that proves to the origin that a request came through the edge, and the secret in it. */
  readonly lock: { readonly header: string; readonly store: string; readonly item: string } | null;
  readonly firstByteTimeoutMs: number;
  readonly shield: Shield | null;
}

/** Where a second pass of this service stands before an origin. */
export type Shield =
  | { readonly kind: 'site'; readonly site: string }
  /** Another service, or another instance: a purge of this one does not reach its cache. */
  | { readonly kind: 'backend'; readonly backend: string };

const shield = oneOf(
  'Expected { site } or { backend }, such as { site: "pdx-or-us" }.',
  [
    has('site'),
    object({
      site: matching(/^[a-z0-9-]{2,64}$/, 'Expected the code of a shield location, such as "pdx-or-us".'),
    }),
  ],
  [has('backend'), object({ backend: backendName })],
);

export const origins = record(
  object({
    backend: backendName,
    paths: v.optional(list(path, '["/media/**"]')),
    hostHeader: v.optional(text),
    hosts: v.optional(hosts),
    lock: v.optional(object({ header: headerName, item: text, secretStore: v.optional(text) })),
    firstByteTimeoutMs: v.optional(millisecondsUpTo(600_000)),
    shield: v.optional(shield),
  }),
);

/** A shielded request travels as one header, a third longer than what it holds. */
const SHIELDED_HEADER_BYTES = 40_960;

/** What is wrong with origins. */
export function originProblems(
  input: { readonly origins: OriginsInput; readonly limits?: LimitsInput; readonly stores?: StoresInput },
  report: Report,
): void {
  const origins = Object.entries(input.origins);
  if (origins.length === 0) {
    const fix = 'Name at least one origin: { app: { backend: "origin" } }.';
    report('POLICY_SHAPE', 'origins', input.origins, fix);
  }
  for (const [name, { shield, backend }] of origins) {
    if (shield === undefined || !('backend' in shield) || shield.backend !== backend) continue;
    const fix = 'The shield would be the origin itself: name the backend where this service runs once more.';
    report('POLICY_CONFLICT', `origins.${name}.shield.backend`, shield.backend, fix);
  }
  for (const [name, { backend, lock }] of origins) {
    // The first origin of a backend is compared with itself.
    const [first, { lock: its }] = origins.find(([, other]) => other.backend === backend) ?? [name, { lock }];
    if (isSameLock(its, lock, secretStoreOf(input.stores))) continue;
    const fix = `A lock belongs to a backend, and origins.${first} names the same one: give both the same lock, or another backend.`;
    report('POLICY_CONFLICT', `origins.${name}.lock`, lock ?? null, fix);
  }
  const isShielded = origins.some(([, { shield }]) => shield !== undefined);
  const headerBytes = input.limits?.headerBytes ?? 0;
  if (isShielded && headerBytes > SHIELDED_HEADER_BYTES) {
    const fix = `With a shield at most ${SHIELDED_HEADER_BYTES}: the request to it holds them all in one header.`;
    report('POLICY_CONFLICT', 'limits.headerBytes', headerBytes, fix);
  }
}

function isSameLock(a: OriginInput['lock'], b: OriginInput['lock'], defaultStore: string): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.header.toLowerCase() === b.header.toLowerCase() &&
    a.item === b.item &&
    (a.secretStore ?? defaultStore) === (b.secretStore ?? defaultStore)
  );
}

export function compileOrigins(input: {
  readonly origins: OriginsInput;
  readonly stores?: StoresInput;
  readonly limits?: LimitsInput;
}): readonly Origin[] {
  return Object.entries(input.origins).map(([name, { lock, shield, ...origin }]) => ({
    name,
    backend: origin.backend,
    paths: (origin.paths ?? []).map(normalPattern),
    hostHeader: origin.hostHeader ?? null,
    hosts: (origin.hosts ?? []).map((host) => host.toLowerCase()),
    lock:
      lock === undefined
        ? null
        : {
            header: lock.header.toLowerCase(),
            store: lock.secretStore ?? secretStoreOf(input.stores),
            item: lock.item,
          },
    firstByteTimeoutMs:
      origin.firstByteTimeoutMs ?? input.limits?.firstByteTimeoutMs ?? FIRST_BYTE_TIMEOUT_MS,
    shield: shield === undefined ? null : compileShield(shield),
  }));
}

function compileShield(input: ShieldInput): Shield {
  return 'site' in input ? { kind: 'site', ...input } : { kind: 'backend', ...input };
}
