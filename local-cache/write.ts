// What ends an obligation: insert, update, record as not cacheable, abandon.

import * as core from './abi/fastly-cache';
import * as bodies from './abi/fastly-http-body';
import * as http from './abi/fastly-http-cache';
import { BAD_HANDLE, INVALID_ARGUMENT, OK } from './abi/status';
import { Entry, entryOf, keyOf, open, release, unlock } from './entries';
import { KEY_LEN } from './keys';
import { OUT } from './memory';
import * as write from './write-options';

const LOOKUP = changetype<core.LookupOptions>(memory.data(16, 8));

export function transaction_insert(
  handle: u32,
  response: u32,
  mask: u32,
  options: usize,
  bodyOut: usize,
): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  if (!write.describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  return ended(entry, core.transactionInsert(entry.core, write.mask(), write.options(), bodyOut));
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
  if (!write.describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  const failed = ended(
    entry,
    core.transactionInsertAndStreamBack(entry.core, write.mask(), write.options(), bodyOut, OUT),
  );
  if (failed == OK) store<u32>(handleOut, found(load<u32>(OUT), entry));
  return failed;
}

/** "Update freshness lifetime, response headers, and caching settings without updating the response body": http-cache.witx. */
export function transaction_update(handle: u32, response: u32, mask: u32, options: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null || !entry.hasStored) return BAD_HANDLE;
  if (!write.describe(response, mask, changetype<http.HttpWriteOptions>(options))) return INVALID_ARGUMENT;
  // js-compute gives the length of the 304's own body, 0: it stays that of the stored one.
  write.keepLength(entry.core);
  return ended(entry, core.transactionUpdate(entry.core, write.mask(), write.options()));
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
  write.describeNotCacheable(mask, changetype<http.HttpWriteOptions>(options));
  const failed = core.transactionInsert(entry.core, write.mask(), write.options(), OUT);
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
