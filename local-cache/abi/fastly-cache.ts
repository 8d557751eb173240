// The core cache of the host, which Viceroy has. `handle` out-parameters are pointers.

@external("fastly_cache", "lookup")
export declare function lookup(key: usize, keyLen: usize, mask: u32, options: usize, handleOut: usize): u32;
@external("fastly_cache", "transaction_lookup")
export declare function transactionLookup(key: usize, keyLen: usize, mask: u32, options: usize, handleOut: usize): u32;
@external("fastly_cache", "transaction_insert")
export declare function transactionInsert(handle: u32, mask: u32, options: usize, bodyOut: usize): u32;
@external("fastly_cache", "transaction_insert_and_stream_back")
export declare function transactionInsertAndStreamBack(handle: u32, mask: u32, options: usize, bodyOut: usize, handleOut: usize): u32;
@external("fastly_cache", "transaction_update")
export declare function transactionUpdate(handle: u32, mask: u32, options: usize): u32;
@external("fastly_cache", "transaction_cancel")
export declare function transactionCancel(handle: u32): u32;
@external("fastly_cache", "close")
export declare function close(handle: u32): u32;
@external("fastly_cache", "get_state")
export declare function getState(handle: u32, stateOut: usize): u32;
@external("fastly_cache", "get_user_metadata")
export declare function getUserMetadata(handle: u32, out: usize, outLen: usize, writtenOut: usize): u32;
@external("fastly_cache", "get_body")
export declare function getBody(handle: u32, mask: u32, options: usize, bodyOut: usize): u32;
@external("fastly_cache", "get_length")
export declare function getLength(handle: u32, lengthOut: usize): u32;
@external("fastly_cache", "get_age_ns")
export declare function getAgeNs(handle: u32, ageOut: usize): u32;

// cache_lookup_options_mask
export const LOOKUP_REQUEST_HEADERS: u32 = 1 << 1;
export const LOOKUP_ALWAYS_USE_REQUESTED_RANGE: u32 = 1 << 3;

// cache_get_body_options_mask
export const BODY_FROM: u32 = 1 << 1;
export const BODY_TO: u32 = 1 << 2;

// cache_write_options_mask
export const WRITE_VARY_RULE: u32 = 1 << 2;
export const WRITE_INITIAL_AGE_NS: u32 = 1 << 3;
export const WRITE_STALE_WHILE_REVALIDATE_NS: u32 = 1 << 4;
export const WRITE_SURROGATE_KEYS: u32 = 1 << 5;
export const WRITE_LENGTH: u32 = 1 << 6;
export const WRITE_USER_METADATA: u32 = 1 << 7;
export const WRITE_SENSITIVE_DATA: u32 = 1 << 8;

/** cache_lookup_options */
@unmanaged
export class LookupOptions {
  requestHeaders: u32;
  serviceId: usize;
  serviceIdLen: usize;
}

/** cache_get_body_options */
@unmanaged
export class GetBodyOptions {
  from: u64;
  to: u64;
}

/** cache_write_options */
@unmanaged
export class WriteOptions {
  maxAgeNs: u64;
  requestHeaders: u32;
  varyRule: usize;
  varyRuleLen: usize;
  initialAgeNs: u64;
  staleWhileRevalidateNs: u64;
  surrogateKeys: usize;
  surrogateKeysLen: usize;
  length: u64;
  userMetadata: usize;
  userMetadataLen: usize;
  edgeMaxAgeNs: u64;
  serviceId: usize;
  serviceIdLen: usize;
}
