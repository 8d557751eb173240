import type { GraphqlOperation } from '../graphql/graphql-operation.ts';

export type Lane = 'pass' | 'public' | 'scoped' | 'reject';

/** Why a lane was chosen; a stable word for logs, `explain` and the documentation. */
export type Reason =
  | 'anonymous'
  | 'scope-verified'
  | 'scope-write'
  | 'scope-sensitive'
  | 'scope-editor'
  | 'scope-fallback-pass'
  | 'scope-fallback-public'
  | 'cms-cookie'
  | 'cms-query'
  | 'cms-header'
  | 'cms-path'
  | 'authorization-unclaimed'
  | 'unsafe-method'
  | 'route-pass'
  | 'fallback-pass'
  | 'fallback-credential'
  | 'fallback-cookie'
  | 'preflight'
  | 'ambiguous-target'
  | 'protected-lookalike'
  | 'body-on-get'
  | 'body-unkeyed'
  | 'query-method'
  | 'other-scheme'
  | `graphql-${Exclude<GraphqlOperation['kind'], 'query'>}`
  | 'graphql-ask'
  | 'switch-pass'
  | 'switch-observe'
  | 'switches-unreadable'
  | 'no-engine'
  | 'vary-unkeyed'
  | 'websocket'
  | 'error';
