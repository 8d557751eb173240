import type { RequestFacts } from '../../lanes/request-facts.ts';
import type { ClientLimiter, Platform } from '../../platform/platform.ts';
import type { Policy } from '../../policy/policy.ts';
import type { OperatorAnswer } from '../operator-answer.ts';

/** What receiving a webhook needs of the world. */
export interface HookDeps {
  readonly policy: Pick<Policy, 'purgeHooks' | 'hookLimit'>;
  readonly platform: Pick<Platform, 'nowMs' | 'secret' | 'purge'>;
  readonly limiter: ClientLimiter;
  /** The client's network, by which it is counted. */
  readonly client: string;
  /** The body of the request, of at most so many bytes, and not waited for longer than for any other. */
  readonly readBody: (limitBytes: number) => Promise<Uint8Array>;
  /** Under which other spellings a path is kept. */
  readonly foldedPaths: (path: string) => readonly string[];
}

/** Receives webhooks. In a service whose policy has none the build puts `absent-hooks.ts` in its place. */
export interface PurgeHooks {
  /**
   * `POST /.edge/purge/hook/<name>`.
   *
   * @throws {EdgeError} ERR_NOT_FOUND where the policy has no hooks, ERR_METHOD_REFUSED, ERR_RATE_LIMITED, ERR_HOOK_REFUSED, and for who has proven to
   *   be the sender ERR_REQUEST_MALFORMED.
   */
  receive(facts: RequestFacts, deps: HookDeps): Promise<OperatorAnswer>;
}
