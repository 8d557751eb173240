import type { World } from './world.ts';

export interface RetryRules {
  /** Tries of one request, the first included. */
  readonly attempts: number;
  /** A server that asks for more patience than this is given up. */
  readonly maxWaitMs: number;
  readonly timeoutMs: number;
}

export const DEFAULT_RULES: RetryRules = { attempts: 6, maxWaitMs: 300_000, timeoutMs: 60_000 };

/** How a request ended. `reason` is one line without any header or body sent. */
export type Outcome =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'gave-up'; readonly status: number; readonly reason: string };

/**
 * Sends an idempotent request until it is answered with something other than 429 or 5xx.
 * `Retry-After` (RFC 9110 section 10.2.3) is honoured, then `Fastly-RateLimit-Reset`, else the wait doubles from
 * half a second, with jitter. A redirect is not followed: the credential is meant for one host.
 */
export async function sendWithRetry(
  world: World,
  url: string,
  init: RequestInit,
  rules: RetryRules = DEFAULT_RULES,
  onWait: (waitMs: number, why: string) => void = () => {},
): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    let reason: string;
    let status: number | null = null;
    let wantedMs: number | null = null;
    try {
      const signal = AbortSignal.timeout(rules.timeoutMs);
      const response = await world.fetch(url, { ...init, redirect: 'manual', signal });
      status = response.status;
      const body = await response.text();
      if (status !== 429 && status < 500) return { kind: 'answer', status, body };
      reason = `status ${status}`;
      wantedMs = waitAsked(response.headers, status, world.nowMs());
    } catch (error) {
      reason = networkReason(error);
    }
    if (attempt === rules.attempts) return giveUp(status, `${reason} after ${attempt} attempts`);
    const waitMs = wantedMs ?? Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.5 + world.random() / 2);
    if (waitMs > rules.maxWaitMs) {
      return giveUp(status, `${reason}, which asks to wait for ${Math.ceil(waitMs / 1000)} s`);
    }
    onWait(waitMs, reason);
    await world.sleepMs(waitMs);
  }
}

function giveUp(status: number | null, reason: string): Outcome {
  return status === null ? { kind: 'unreachable', reason } : { kind: 'gave-up', status, reason };
}

/** Milliseconds that the server asks for, or null. */
function waitAsked(headers: Headers, status: number, nowMs: number): number | null {
  const after = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const date = after === '' ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - nowMs);
  const reset = headers.get('fastly-ratelimit-reset')?.trim() ?? '';
  // Seconds since the epoch; only a refusal for its rate speaks of it.
  if (status === 429 && /^\d{9,11}$/.test(reset)) return Math.max(1000, Number(reset) * 1000 - nowMs);
  return null;
}

function networkReason(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === '' ? 'no answer' : `no answer (${code})`;
}
