import type { askedRequest as RealRequest, askedWrite as RealWrite } from './ask-for-entities.ts';

/** Stands in where the policy has neither entities nor mutations. */
export const askedRequest: typeof RealRequest = (_service, plan, _reading, make) => make(plan);
export const askedWrite: typeof RealWrite = (_service, _plan, _reading, own) => own;
