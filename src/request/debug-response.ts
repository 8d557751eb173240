import { equalInConstantTime } from '../crypto/equal.ts';
import { fingerprintKey } from '../crypto/fingerprint-key.ts';
import { MIN_SECRET_LENGTH } from '../crypto/min-secret-length.ts';
import { keyDigest } from '../keys/fingerprint.ts';
import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import { applyDebugHeaders } from './debug-headers.ts';
import type { LogRecord } from './log-record.ts';
import type { Plan } from './planned-request.ts';

/** Tells whoever has the debug token what the service knows of the request; anybody else nothing, not even that. */
export async function addDebugHeaders(
  sent: string,
  headers: Headers,
  record: LogRecord,
  plan: Plan | null,
  policy: Policy,
  platform: Platform,
): Promise<void> {
  const token = (await quietly(() => platform.secret(policy.stores.secrets, 'debug_token')))?.trim() ?? '';
  if (token.length < MIN_SECRET_LENGTH || !equalInConstantTime(sent, token)) return;
  const planned = plan?.lane === 'pass' ? (plan.observed ?? plan) : plan;
  const secret = await fingerprintKey(platform, policy, 'show');
  const isCached = planned !== null && 'cacheKey' in planned;
  applyDebugHeaders(headers, record, {
    key: isCached && secret ? await keyDigest(planned.cacheKey, secret) : null,
    surrogateKeys: isCached ? planned.surrogateKeys.length : 0,
  });
}

/** A Secret Store that is down costs the debug headers, not the answer. */
async function quietly(ask: () => Promise<string | null>): Promise<string | null> {
  try {
    return await ask();
  } catch {
    return null;
  }
}
