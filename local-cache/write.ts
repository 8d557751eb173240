// What ends an obligation: insert, update, record as not cacheable, abandon.

import * as core from './abi/fastly-cache';
import * as bodies from './abi/fastly-http-body';
import * as http from './abi/fastly-http-cache';
import { statusGet } from './abi/fastly-http-resp';
import { BAD_HANDLE, INVALID_ARGUMENT, OK } from './abi/status';
import { Entry, entryOf, keyOf, open, release, unlock } from './entries';
import * as fields from './fields';
import { KEY_LEN } from './keys';
import { NEW_RECORD, OUT, RECORD_BYTES } from './memory';
import * as stored from './stored';
import { is } from './text';

/**
 * How long a response with a validator is kept past everything else, so that a 304 can renew it. "The expiry does not prompt the object to be
 * deleted": https://www.fastly.com/documentation/guides/concepts/cache/stale
 */
const REVALIDATION_NS: u64 = 3600 * 1_000_000_000;

const WRITE = changetype<core.WriteOptions>(memory.data(88, 8));
const LOOKUP = changetype<core.LookupOptions>(memory.data(16, 8));
let writeMask: u32 = 0;

export function transaction_insert(
  handle: u32,
  response: u32,
  mask: u32,
  options: usize,
  bodyOut: usize,
): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  if (!describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  return ended(entry, core.transactionInsert(entry.core, writeMask, changetype<usize>(WRITE), bodyOut));
}

/** The second handle reads while the body is still being written. */
export function transaction_insert_and_stream_back(
  handle: u32,
  response: u32,
  mask: u32,
  options: usize,
  bodyOut: usize,
  handleOut: usize,
): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  if (!describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  const failed = ended(
    entry,
    core.transactionInsertAndStreamBack(entry.core, writeMask, changetype<usize>(WRITE), bodyOut, OUT),
  );
  if (failed == OK) store<u32>(handleOut, found(load<u32>(OUT), entry));
  return failed;
}

/** "Update freshness lifetime, response headers, and caching settings without updating the response body": http-cache.witx. */
export function transaction_update(handle: u32, response: u32, mask: u32, options: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null || !entry.hasStored) return BAD_HANDLE;
  if (!describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  // js-compute gives the length of the 304's own body, 0: it stays that of the stored one.
  writeMask &= ~core.WRITE_LENGTH;
  if (core.getLength(entry.core, OUT) == OK) {
    WRITE.length = load<u64>(OUT);
    writeMask |= core.WRITE_LENGTH;
  }
  return ended(entry, core.transactionUpdate(entry.core, writeMask, changetype<usize>(WRITE)));
}

export function transaction_update_and_return_fresh(
  handle: u32,
  response: u32,
  mask: u32,
  options: usize,
  freshOut: usize,
): u32 {
  const failed = transaction_update(handle, response, mask, options);
  if (failed != OK) return failed;
  const entry = entryOf(handle)!;
  LOOKUP.requestHeaders = entry.request;
  const status = core.lookup(
    keyOf(entry),
    KEY_LEN,
    core.LOOKUP_REQUEST_HEADERS,
    changetype<usize>(LOOKUP),
    OUT,
  );
  if (status != OK) return status;
  const fresh = load<u32>(OUT);
  core.getState(fresh, OUT);
  if (!(load<u32>(OUT) & http.FOUND)) {
    // Purged in this very moment. The one that was renewed is still in hand.
    core.close(fresh);
    entry.state = http.FOUND | http.USABLE;
    store<u32>(freshOut, handle);
    return OK;
  }
  store<u32>(freshOut, found(fresh, entry));
  return OK;
}

/**
 * "In Varnish terms, this function stores a hit-for-pass object. Only the max age and, optionally, the vary rule are read": http-cache.witx. So it
 * has no surrogate keys, and only its age ends it.
 */
export function transaction_record_not_cacheable(handle: u32, mask: u32, options: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  const given = changetype<http.HttpWriteOptions>(options);
  stored.begin(stored.NOT_CACHEABLE);
  clear();
  WRITE.maxAgeNs = given.maxAgeNs;
  takeVaryRule(mask, given);
  WRITE.userMetadataLen = stored.fields(NEW_RECORD) - NEW_RECORD;
  const failed = core.transactionInsert(entry.core, writeMask, changetype<usize>(WRITE), OUT);
  if (failed == OK) bodies.close(load<u32>(OUT));
  return ended(entry, failed);
}

/** "If there are other requests collapsed on this transaction, one of those other requests will be awoken and given the obligation": http-cache.witx. */
export function transaction_abandon(handle: u32): u32 {
  const entry = entryOf(handle);
  return entry === null ? BAD_HANDLE : ended(entry, core.transactionCancel(entry.core));
}

export function close(handle: u32): u32 {
  const entry = entryOf(handle);
  return entry === null ? BAD_HANDLE : release(entry);
}

function ended(entry: Entry, failed: u32): u32 {
  if (failed == OK) {
    entry.state &= ~(http.MUST_INSERT_OR_UPDATE | http.USABLE_IF_ERROR);
    unlock(entry);
  }
  return failed;
}

/** A handle to what was written just now. */
function found(coreHandle: u32, from: Entry): u32 {
  const handle = open(coreHandle, from.request);
  const entry = entryOf(handle)!;
  memory.copy(keyOf(entry), keyOf(from), KEY_LEN);
  entry.state = http.FOUND | http.USABLE;
  entry.hasStored = 1;
  return handle;
}

/** Writes the record of a response, and the options of the core cache for it; false where it is too large. */
function describe(response: u32, mask: u32, given: http.HttpWriteOptions): bool {
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
