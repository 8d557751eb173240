// The record of a response, and the options of the core cache for it. One host call runs at a time: both are there until the next one.

import * as core from './abi/fastly-cache';
import * as http from './abi/fastly-http-cache';
import { statusGet } from './abi/fastly-http-resp';
import { OK } from './abi/status';
import * as fields from './fields';
import { NEW_RECORD, OUT, RECORD_BYTES } from './memory';
import * as stored from './stored';
import { is } from './text';

/**
 * How long a response with a validator is kept past everything else, so that a 304 can renew it. "The expiry does not prompt the object to be
 * deleted": https://www.fastly.com/documentation/guides/concepts/cache/stale
 */
const REVALIDATION_NS: u64 = 3600 * 1_000_000_000;

const WRITE = changetype<core.WriteOptions>(memory.data(88, 8));
let writeMask: u32 = 0;

export function options(): usize {
  return changetype<usize>(WRITE);
}

export function mask(): u32 {
  return writeMask;
}

/** Of a response; false where it is too large. */
export function describe(response: u32, mask: u32, given: http.HttpWriteOptions): bool {
  const record = stored.begin(stored.RESPONSE);
  clear();
  statusGet(response, OUT);
  record.status = load<u16>(OUT);
  record.isSensitive = mask & http.SENSITIVE_DATA ? 1 : 0;
  record.maxAgeNs = given.maxAgeNs;
  record.staleWhileRevalidateNs = mask & http.STALE_WHILE_REVALIDATE_NS ? given.staleWhileRevalidateNs : 0;
  record.staleIfErrorNs = mask & http.STALE_IF_ERROR_NS ? given.staleIfErrorNs : 0;
  const ruleLen: usize = mask & http.VARY_RULE ? given.varyRuleLen : 0;
  const keysLen: usize = mask & http.SURROGATE_KEYS ? given.surrogateKeysLen : 0;
  if (!stored.putLists(given.varyRule, ruleLen, given.surrogateKeys, keysLen)) return false;
  const from = stored.fields(NEW_RECORD);
  const end = fields.readAll(response, false, from, NEW_RECORD + RECORD_BYTES);
  record.fieldsLen = <u32>(end - from);

  WRITE.maxAgeNs = given.maxAgeNs;
  takeVaryRule(mask, given);
  if (keysLen > 0) {
    WRITE.surrogateKeys = given.surrogateKeys;
    WRITE.surrogateKeysLen = keysLen;
    writeMask |= core.WRITE_SURROGATE_KEYS;
  }
  if (mask & http.INITIAL_AGE_NS) {
    WRITE.initialAgeNs = given.initialAgeNs;
    writeMask |= core.WRITE_INITIAL_AGE_NS;
  }
  if (mask & http.LENGTH) {
    WRITE.length = given.length;
    writeMask |= core.WRITE_LENGTH;
  }
  if (record.isSensitive) writeMask |= core.WRITE_SENSITIVE_DATA;
  // The core cache finds it as long as it may be of any use; lookup.ts says of which.
  WRITE.staleWhileRevalidateNs = max(
    max(record.staleWhileRevalidateNs, record.staleIfErrorNs),
    hasValidator(from, end) ? REVALIDATION_NS : 0,
  );
  writeMask |= core.WRITE_STALE_WHILE_REVALIDATE_NS;
  WRITE.userMetadataLen = end - NEW_RECORD;
  return true;
}

/** Of a hit-for-pass object. */
export function describeNotCacheable(mask: u32, given: http.HttpWriteOptions): void {
  stored.begin(stored.NOT_CACHEABLE);
  clear();
  WRITE.maxAgeNs = given.maxAgeNs;
  takeVaryRule(mask, given);
  WRITE.userMetadataLen = stored.fields(NEW_RECORD) - NEW_RECORD;
}

/** The length of the body is that of the one that a handle has found, whatever was given. */
export function keepLength(handle: u32): void {
  writeMask &= ~core.WRITE_LENGTH;
  if (core.getLength(handle, OUT) != OK) return;
  WRITE.length = load<u64>(OUT);
  writeMask |= core.WRITE_LENGTH;
}

function clear(): void {
  memory.fill(changetype<usize>(WRITE), 0, offsetof<core.WriteOptions>());
  WRITE.userMetadata = NEW_RECORD;
  writeMask = core.WRITE_USER_METADATA;
}

function takeVaryRule(mask: u32, given: http.HttpWriteOptions): void {
  // `response.vary = []` of js-compute is an empty rule, which the parser of Viceroy's core cache does not take.
  if (!(mask & http.VARY_RULE) || given.varyRuleLen == 0) return;
  WRITE.varyRule = given.varyRule;
  WRITE.varyRuleLen = given.varyRuleLen;
  writeMask |= core.WRITE_VARY_RULE;
}

function hasValidator(from: usize, end: usize): bool {
  for (let field = from; field < end; field = fields.next(field)) {
    const name = fields.name(field);
    const length = fields.nameLen(field);
    if (is(name, length, 'etag') || is(name, length, 'last-modified')) return true;
  }
  return false;
}
