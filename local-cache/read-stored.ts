// The record of the response that a handle of the core cache has found.

import { getAgeNs, getUserMetadata } from './abi/fastly-cache';
import { OK } from './abi/status';
import { FOUND_RECORD, OUT, RECORD_BYTES } from './memory';
import { isStored } from './stored';

/** In FOUND_RECORD until the next one is read; 0 where nothing was found. */
export function readStored(core: u32): usize {
  if (getUserMetadata(core, FOUND_RECORD, RECORD_BYTES, OUT) != OK) return 0;
  return isStored(FOUND_RECORD, load<u32>(OUT)) ? FOUND_RECORD : 0;
}

export function ageNs(core: u32): u64 {
  return getAgeNs(core, OUT) == OK ? load<u64>(OUT) : 0;
}
