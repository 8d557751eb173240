/** Stands for `forget-sessions.ts` where a policy asks nobody about sessions. */
export const forgetSessions = null;
