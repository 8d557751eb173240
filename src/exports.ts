/** What `import 'claimcache'` brings wherever it runs: the entries at the edge (`index.ts`) and on Node (`index-node.ts`) add what serves. */

export { EdgeError, type ErrorCode } from './errors.ts';
export { definePolicy } from './policy/define.ts';
export type { PolicyInput } from './policy/policy.ts';
export {
  createHandlers,
  type ErrorHandler,
  type Handler,
  type HandlerContext,
  type Handlers,
  type Next,
} from './request/handlers/create-handlers.ts';
export type { LogRecord } from './request/log-record.ts';
