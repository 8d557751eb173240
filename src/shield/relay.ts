import { MIN_SECRET_LENGTH } from '../crypto/min-secret-length.ts';
import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { authorityOf } from '../http/target.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import type { Relay } from './relay-plan.ts';
import { SHIELD_HEADER, seal } from './seal.ts';
import { readShieldAnswer } from './shield-answer.ts';

export const SHIELD_KEY = 'shield_key';
/** The platform adds them on its own when it renews what it has stored: they travel beside what is sealed. */
export const CONDITIONAL = ['if-none-match', 'if-modified-since'] as const;

/** A field of more than 68 KB is lost on the way, and what is sealed grows by a third. */
const MAX_SEALED_BYTES = 44_000;

/** A request as it goes to a shield. */
export interface Relayed {
  readonly request: OriginRequest;
  /** The header that has to be on it, made when it is really sent. */
  readonly sealed: () => Promise<readonly [string, string]>;
}

/** A function that turns a request into one for its shield; null where there is none on the way to the origin. */
export function createRelay(
  platform: Platform,
  policy: Policy,
): (request: OriginRequest, relay: Relay) => Promise<Relayed | null> {
  return async function relayed(request, relay) {
    const { shield, onShieldResult, ...facts } = relay;
    const backend = shield.kind === 'site' ? platform.shieldSite(shield.site) : shield.backend;
    if (backend === null) return null;
    if (sizeOf(request) > MAX_SEALED_BYTES) {
      onShieldResult('too-long');
      return null;
    }
    const key = await shieldKey(platform, policy);
    if (key.length < MIN_SECRET_LENGTH) {
      onShieldResult('no-key');
      return null;
    }
    // By the host of the client: by that the platform finds the service. What the origin gets is sealed.
    const headers = new HeaderFields([['host', authorityOf(request.url)]]);
    for (const name of ['accept-encoding', ...CONDITIONAL, 'content-length']) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    const inner = [...request.headers].filter(([name]) => !CONDITIONAL.some((other) => other === name));
    const sealed = async () => {
      const text = await seal(
        {
          v: 1,
          sealedAtMs: platform.nowMs(),
          policy: policy.digest,
          method: request.method,
          url: request.url,
          headers: inner,
          relay: facts,
        },
        key,
      );
      return [SHIELD_HEADER, text] as const;
    };
    return { request: { ...request, backend, headers }, sealed };
  };
}

function sizeOf({ url, headers }: OriginRequest): number {
  let size = url.length;
  for (const [name, value] of headers) size += name.length + value.length;
  return size;
}

/** The key that both passes share; '' where it cannot be had. */
export async function shieldKey({ secret }: Platform, { stores }: Policy): Promise<string> {
  return (await secret(stores.secrets, SHIELD_KEY).catch(() => null))?.trim() ?? '';
}

/**
 * Looks at what came back.
 *
 * @returns false: it was no second pass of ours that answered; the origin is to be asked without it.
 * @throws {EdgeError} of the code with which the second pass has failed.
 */
export function isAnswerOf(relay: Relay, headers: Parameters<typeof readShieldAnswer>[0]): boolean {
  const answer = readShieldAnswer(headers);
  if (answer.kind === 'refused') {
    relay.onShieldResult('refused');
    return false;
  }
  if (answer.kind === 'failed') {
    relay.onShieldResult('failed');
    throw new EdgeError(answer.code, { cause: new Error('so says the shield') });
  }
  relay.onShieldResult(answer.state);
  return true;
}
