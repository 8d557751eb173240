// What is stored beside a body, in the user metadata of the core cache: the status and headers of the response, and those of its settings
// that Viceroy's core cache does not give back (`get_stale_while_revalidate_ns` answers `unsupported`, and there is no stale-if-error).

import { NEW_RECORD, RECORD_BYTES } from './memory';

/** Begins each record; what else may be in the core cache under a key of this adapter is not read. */
const MAGIC: u32 = 0x31634c43;

export const RESPONSE: u32 = 0;
/** A hit-for-pass object: see transaction_record_not_cacheable. */
export const NOT_CACHEABLE: u32 = 1;
/** What a leader leaves that chose the stale response: see transaction_choose_stale. */
export const CHOSE_STALE: u32 = 2;

@unmanaged
export class Stored {
  magic: u32;
  kind: u32;
  status: u32;
  isSensitive: u32;
  maxAgeNs: u64;
  staleWhileRevalidateNs: u64;
  staleIfErrorNs: u64;
  varyRuleLen: u32;
  surrogateKeysLen: u32;
  fieldsLen: u32;
  reserved: u32;
}

const HEAD: usize = offsetof<Stored>();

export function isStored(record: usize, length: usize): bool {
  return length >= HEAD && changetype<Stored>(record).magic == MAGIC;
}

export function varyRule(record: usize): usize {
  return record + HEAD;
}

export function surrogateKeys(record: usize): usize {
  return varyRule(record) + changetype<Stored>(record).varyRuleLen;
}

export function fields(record: usize): usize {
  return surrogateKeys(record) + changetype<Stored>(record).surrogateKeysLen;
}

export function end(record: usize): usize {
  return fields(record) + changetype<Stored>(record).fieldsLen;
}

/** Begins a new record in NEW_RECORD. */
export function begin(kind: u32): Stored {
  memory.fill(NEW_RECORD, 0, HEAD);
  const stored = changetype<Stored>(NEW_RECORD);
  stored.magic = MAGIC;
  stored.kind = kind;
  return stored;
}

/** Takes vary rule and surrogate keys into the new record; false where there is no room. To be called before the headers are written. */
export function putLists(varyRuleAt: usize, varyRuleLen: usize, keysAt: usize, keysLen: usize): bool {
  if (HEAD + varyRuleLen + keysLen > RECORD_BYTES) return false;
  const stored = changetype<Stored>(NEW_RECORD);
  stored.varyRuleLen = <u32>varyRuleLen;
  stored.surrogateKeysLen = <u32>keysLen;
  memory.copy(varyRule(NEW_RECORD), varyRuleAt, varyRuleLen);
  memory.copy(surrogateKeys(NEW_RECORD), keysAt, keysLen);
  return true;
}
