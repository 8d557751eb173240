import type { EncryptedTokens } from './encrypted.ts';

/** Stands in where no provider of the policy has encrypted tokens: none is read. */
const encryptedTokens: EncryptedTokens = { parse: () => null, open: async () => null };

export default encryptedTokens;
