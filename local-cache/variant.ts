// The variant that a request asks for: RFC 9111, section 4.1.

import * as requests from './abi/fastly-http-req';
import { OUT, TEXT_BYTES, VALUES } from './memory';

const FNV_OFFSET: u64 = 0xcbf29ce484222325;
const FNV_PRIME: u64 = 0x100000001b3;

/** A digest (FNV-1a) of the values that the request has for the headers of a vary rule; never 0. */
export function variantHash(request: u32, rule: usize, ruleLen: usize): u64 {
  let hash = FNV_OFFSET;
  const end = rule + ruleLen;
  for (let from = rule; from < end; ) {
    let to = from;
    while (to < end && load<u8>(to) != 0x20) to++;
    const failed = requests.headerValuesGet(request, from, to - from, VALUES, TEXT_BYTES, 0, OUT, OUT + 8);
    const length: usize = failed == 0 ? <usize>load<u32>(OUT + 8) : 0;
    for (let i: usize = 0; i < length; i++) hash = (hash ^ load<u8>(VALUES + i)) * FNV_PRIME;
    hash = (hash ^ 0x0a) * FNV_PRIME;
    from = to + 1;
  }
  return hash == 0 ? 1 : hash;
}
