import { rawKeySet } from '../key-set.ts';
import { SIGNED } from '../token-memory.ts';
import type { EncryptedTokens } from './encrypted.ts';

/** Stands in where no provider of the policy has encrypted tokens: nobody asks it. */
const encryptedTokens: EncryptedTokens = {
  reader: () => SIGNED,
  keySet: rawKeySet,
  open: async () => ({ kind: 'invalid', code: 'ERR_TOKEN_ALGORITHM' }),
};

export default encryptedTokens;
