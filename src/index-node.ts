import type { Claimcache } from './index.ts';

export { EdgeError, type ErrorCode } from './errors.ts';
export type { Claimcache } from './index.ts';
export { definePolicy } from './policy/define.ts';
export type { PolicyInput } from './policy/input.ts';
export {
  createHandlers,
  type ErrorHandler,
  type Handler,
  type HandlerContext,
  type Handlers,
  type Next,
} from './request/handlers/create-handlers.ts';
export type { LogRecord } from './request/log-record.ts';

const NEEDS_THE_EDGE =
  'This runs on Fastly Compute only. On Node a policy is tested with claimcache/testing, and served by `fastly compute serve`.';

/** What `import 'claimcache'` gives on Node, so that tools can read a policy and its handlers: serving is for the edge. */
export function serve(): never {
  throw new TypeError(NEEDS_THE_EDGE);
}

export function createClaimcache(): Claimcache {
  throw new TypeError(NEEDS_THE_EDGE);
}
