import { SIGNED } from '../token-memory.ts';
import type { PackedCookies } from './packed.ts';

/** Stands in where no provider of the policy names a cookie with a format: none is found. */
const packedCookies: PackedCookies = { find: () => null, reader: () => SIGNED };

export default packedCookies;
