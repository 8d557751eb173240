import type { forgetSessions as Real } from './forget-sessions.ts';

/** Stands in where a policy asks nobody about sessions: none is known. */
export const forgetSessions: typeof Real = async (_platform, _keysOf, _plan, fetched) => fetched;
