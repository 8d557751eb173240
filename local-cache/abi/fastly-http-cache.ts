// The structs and masks of the host calls that this adapter gives: http-cache.witx.

// http_storage_action
export const INSERT: u32 = 0;
export const UPDATE: u32 = 1;
export const DO_NOT_STORE: u32 = 2;
export const RECORD_UNCACHEABLE: u32 = 3;

// cache_lookup_state
export const FOUND: u32 = 1 << 0;
export const USABLE: u32 = 1 << 1;
export const STALE: u32 = 1 << 2;
export const MUST_INSERT_OR_UPDATE: u32 = 1 << 3;
export const USABLE_IF_ERROR: u32 = 1 << 4;

// http_cache_lookup_options_mask
export const LOOKUP_OVERRIDE_KEY: u32 = 1 << 1;

// http_cache_write_options_mask
export const VARY_RULE: u32 = 1 << 1;
export const INITIAL_AGE_NS: u32 = 1 << 2;
export const STALE_WHILE_REVALIDATE_NS: u32 = 1 << 3;
export const SURROGATE_KEYS: u32 = 1 << 4;
export const LENGTH: u32 = 1 << 5;
export const SENSITIVE_DATA: u32 = 1 << 6;
export const STALE_IF_ERROR_NS: u32 = 1 << 7;

/** http_cache_lookup_options */
@unmanaged
export class HttpLookupOptions {
  overrideKey: usize;
  overrideKeyLen: usize;
}

/** http_cache_write_options */
@unmanaged
export class HttpWriteOptions {
  maxAgeNs: u64;
  varyRule: usize;
  varyRuleLen: usize;
  initialAgeNs: u64;
  staleWhileRevalidateNs: u64;
  surrogateKeys: usize;
  surrogateKeysLen: usize;
  length: u64;
  staleIfErrorNs: u64;
}
