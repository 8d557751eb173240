import { EdgeError } from '../../errors.ts';
import type { PurgeHooks } from './hook.ts';

/** Stands in where the policy has no hooks: there is no such endpoint. */
const purgeHooks: PurgeHooks = {
  receive: async () => {
    throw new EdgeError('ERR_NOT_FOUND');
  },
};

export default purgeHooks;
