import { EdgeError } from '../errors.ts';
import type { readRevokeRequest as Real } from './revoke.ts';

/** Stands in where the policy has no revocation. */
export const readRevokeRequest: typeof Real = () => {
  throw new EdgeError('ERR_NOT_FOUND', { detail: 'The policy of this service has no revocation.' });
};
