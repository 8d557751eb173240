import { equalInConstantTime } from '../keys/equal.ts';
import { keyDigest } from '../keys/fingerprint.ts';
import { MIN_SECRET_LENGTH } from '../keys/min-secret-length.ts';
import type { Platform } from '../types/platform.ts';
import type { Policy } from '../types/policy.ts';
import { applyDebugHeaders } from './debug-headers.ts';
import type { Journal } from './request-log.ts';

/** Tells whoever has the debug token what the service knows of the request; anybody else nothing, not even that. */
export async function debugAnswer(
  sent: string,
  headers: Headers,
  journal: Journal,
  { stores }: Policy,
  platform: Platform,
): Promise<void> {
  const token = (await quietly(() => platform.secret(stores.secrets, 'debug_token')))?.trim() ?? '';
  if (token.length < MIN_SECRET_LENGTH || !equalInConstantTime(sent, token)) return;
  const { decision } = journal;
  const planned = decision?.lane === 'pass' ? (decision.observed ?? decision) : decision;
  const secret = await quietly(() => platform.secret(stores.secrets, 'fingerprint_key'));
  const isCached = planned !== null && 'cacheKey' in planned;
  applyDebugHeaders(headers, journal.entry, {
    key: isCached && secret ? keyDigest(planned.cacheKey, secret) : null,
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
