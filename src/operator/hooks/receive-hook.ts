import { MIN_SECRET_LENGTH } from '../../crypto/min-secret-length.ts';
import { EdgeError } from '../../errors.ts';
import { MAX_PURGED_KEYS } from '../../keys/surrogate-key.ts';
import type { RequestFacts } from '../../lanes/request-facts.ts';
import { DEFAULT_BODY_BYTES } from '../../policy/purge-hooks/delivery.ts';
import type { PurgeHook } from '../../policy/purge-hooks/purge-hook.ts';
import { json, type OperatorAnswer } from '../operator-answer.ts';
import { malformed } from '../parse-request.ts';
import { HOOK_PREFIX } from '../paths.ts';
import type { HookDeps, PurgeHooks } from './hook.ts';
import { hookKeys } from './hook-keys.ts';
import { readHookBody } from './read-body.ts';
import { whyNotSigned } from './verify-delivery.ts';

/** A delivery can do nothing but purge: one that is sent again purges again. */
const purgeHooks: PurgeHooks = { receive };

export default purgeHooks;

async function receive(facts: RequestFacts, deps: HookDeps): Promise<OperatorAnswer> {
  const { policy, platform, limiter, client } = deps;
  if (policy.purgeHooks.size === 0) throw new EdgeError('ERR_NOT_FOUND');
  if (facts.method !== 'POST') throw new EdgeError('ERR_METHOD_REFUSED', { allow: 'POST' });
  if (limiter.isBlocked(client) || limiter.count(client))
    throw new EdgeError('ERR_RATE_LIMITED', { retryAfterSeconds: policy.hookLimit.blockMinutes * 60 });
  const hook = policy.purgeHooks.get(facts.path.slice(HOOK_PREFIX.length));
  // The same as for a wrong signature, and no sooner: which names there are is nobody's business.
  if (hook === undefined) {
    await deps.readBody(DEFAULT_BODY_BYTES);
    throw refused('there is no hook of this name');
  }
  const secret = await secretOf(hook, deps);
  const bytes = await deps.readBody(hook.bodyBytes);
  const why = await whyNotSigned(hook.signature, secret, facts, bytes, platform.nowMs());
  if (why !== null) throw refused(`${hook.name}: ${why}`);
  const { keys, unusable } = hookKeys(hook.rules, readHookBody(bytes, facts.headers), deps.foldedPaths);
  for (const key of keys) platform.purge(key, hook.soft);
  // What can be purged has been: a page that stays old is worse than one too few.
  if (unusable.length > 0) throw notAll(hook, unusable);
  return { response: json({ purged: keys.length, soft: hook.soft }), purged: keys.length };
}

async function secretOf({ name, store, item }: PurgeHook, { platform }: HookDeps): Promise<string> {
  let secret: string;
  try {
    secret = (await platform.secret(store, item))?.trim() ?? '';
  } catch (cause) {
    throw new EdgeError('ERR_KEYS_UNAVAILABLE', { cause });
  }
  if (secret === '') throw refused(`${name}: the secret ${item} is missing`);
  if (secret.length < MIN_SECRET_LENGTH)
    throw refused(`${name}: the secret ${item} has fewer than ${MIN_SECRET_LENGTH} characters`);
  return secret;
}

function refused(why: string): EdgeError {
  return new EdgeError('ERR_HOOK_REFUSED', { cause: new Error(why) });
}

function notAll({ name }: PurgeHook, unusable: readonly number[]): EdgeError {
  const rules = unusable.map((i) => `purge.${i}`).join(', ');
  return malformed(
    `${name}: not all could be purged, by ${rules}`,
    `Of ${rules} not all could be purged: a value can be part of no key, or there are more than ${MAX_PURGED_KEYS} keys.`,
  );
}
