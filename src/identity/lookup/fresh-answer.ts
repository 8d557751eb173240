import type { ErrorCode } from '../../errors.ts';
import { own } from '../../policy/claims/own.ts';
import { checkClaims } from '../../policy/providers/check-claims.ts';
import { withTimeout } from '../with-timeout.ts';
import { type LookupAnswer, lookupRequest, readAnswer } from './ask.ts';
import { identityKeys } from './identity-keys.ts';
import type { LookupDeps, LookupTask } from './lookup.ts';

/** An answer that has just come, and until when it counts: milliseconds since the epoch. */
export type FreshAnswer =
  | {
      readonly kind: 'known';
      /** JSON. */
      readonly text: string;
      readonly untilMs: number;
      /** Of the scopes that name this person. */
      readonly identityKeys: readonly string[];
    }
  | { readonly kind: 'refused'; readonly untilMs: number }
  | { readonly kind: 'down'; readonly why: string; readonly untilMs: number };

/** Whoever comes while somebody is down gets the same 503, without another wait. */
const DOWN_MS = 1000;
/** 9999-12-31T23:59:59Z: an answer without `exp` counts for as long as it is remembered. */
const NO_EXP = 253_402_300_799;

/** Asks who it is. Never rejects. */
export async function freshAnswer(deps: LookupDeps, task: LookupTask): Promise<FreshAnswer> {
  const { rule, provider, nowMs } = task;
  const answer = await answerTo(deps, task);
  if (answer.kind === 'down') return { ...answer, untilMs: nowMs + DOWN_MS };
  const refused = { kind: 'refused', untilMs: nowMs + rule.refusedSeconds * 1000 } as const;
  if (answer.kind === 'refused') return refused;
  const { claims } = answer;
  const keys = identityKeys(provider.name, claims, deps.scopes);
  // Nobody is signed in, or it is over: a flood of these must not look like a crowd of people.
  if (keys === null || claimsProblem(withExp(claims), task) !== null) return refused;
  const seconds = Math.min(rule.ttlSeconds, answer.maxAgeSeconds ?? rule.ttlSeconds);
  const exp = own(claims, 'exp');
  const endMs = typeof exp === 'number' ? exp * 1000 : Number.POSITIVE_INFINITY;
  const untilMs = Math.floor(Math.min(nowMs + seconds * 1000, endMs));
  return { kind: 'known', text: JSON.stringify(claims), untilMs, identityKeys: keys };
}

/** Claims as {@link checkClaims} wants them. */
export function withExp(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.hasOwn(claims, 'exp') ? claims : { ...claims, exp: NO_EXP };
}

/** What the claims of an answer have to obey, as those of a token: asked each time. */
export function claimsProblem(
  claims: Readonly<Record<string, unknown>>,
  { provider, nowMs }: Pick<LookupTask, 'provider' | 'nowMs'>,
): ErrorCode | null {
  return checkClaims({ claims, type: null }, provider, nowMs);
}

async function answerTo(
  deps: LookupDeps,
  { text, rule, credentialSource }: LookupTask,
): Promise<LookupAnswer> {
  try {
    let clientSecret = '';
    if (rule.client !== null) {
      clientSecret = (await deps.secret(rule.client.store, rule.client.item))?.trim() ?? '';
      if (clientSecret === '') return { kind: 'down', why: `no secret ${rule.client.item}` };
    }
    const cookie = credentialSource.kind === 'cookie' ? credentialSource.name : null;
    const request = lookupRequest(rule, { text, cookie }, clientSecret);
    return await withTimeout(rule.backend, rule.timeoutMs, async () =>
      readAnswer(await deps.fetchOrigin(request), rule),
    );
  } catch (cause) {
    // What failed may quote the credential: the message is not told.
    const isLate = cause instanceof Error && cause.message === `${rule.backend}: timeout`;
    return { kind: 'down', why: isLate ? `nothing came in ${rule.timeoutMs} ms` : 'it cannot be reached' };
  }
}
