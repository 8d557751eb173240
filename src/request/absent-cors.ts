import type * as Real from './cors.ts';

function absent(): never {
  throw new Error('the policy says nothing of CORS');
}

/** Stands in where the policy says nothing of CORS: nobody asks it. */
export const isPreflight: typeof Real.isPreflight = () => false;
export const isAllowedOrigin: typeof Real.isAllowedOrigin = () => false;
export const allowsCredentials: typeof Real.allowsCredentials = () => false;
export const answerPreflight: typeof Real.answerPreflight = absent;
export const applyCors: typeof Real.applyCors = absent;
