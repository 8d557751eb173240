/** Everything under this path is the service's own; no origin ever sees it. */
export const OPERATOR_PREFIX = '/.edge/';
/** Answered without TLS too: a health check sends no secret. */
export const HEALTH_PATH = '/.edge/health';
/** Whoever is signed in may call it, for their own entries. */
export const SELF_PURGE_PATH = '/.edge/purge/me';
/** Behind it stands the name of a hook of the policy. */
export const HOOK_PREFIX = '/.edge/purge/hook/';
