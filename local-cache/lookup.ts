// Lookups: what is found, whether it may be used, and who has to bring a new one.

import * as core from './abi/fastly-cache';
import { FOUND, MUST_INSERT_OR_UPDATE, STALE, USABLE, USABLE_IF_ERROR } from './abi/fastly-http-cache';
import { OK } from './abi/status';
import { Entry, entryOf, keyOf, open, release } from './entries';
import { KEY_LEN, keyFor } from './keys';
import { awaitLeader, lead } from './leader';
import { OUT } from './memory';
import { ageNs, readStored } from './read-stored';
import { NOT_CACHEABLE, Stored } from './stored';

const OPTIONS = changetype<core.LookupOptions>(memory.data(16, 8));
const KEY: usize = memory.data(32, 8);

/**
 * "This operation always participates in request collapsing and may return an obligation to insert or update responses, and/or stale responses":
 * http-cache.witx. https://www.fastly.com/documentation/guides/concepts/edge-state/cache/request-collapsing
 */
export function transaction_lookup(request: u32, mask: u32, options: usize, handleOut: usize): u32 {
  const failed = keyFor(request, mask, options, KEY);
  if (failed != OK) return failed;
  while (true) {
    OPTIONS.requestHeaders = request;
    const status = core.transactionLookup(
      KEY,
      KEY_LEN,
      core.LOOKUP_REQUEST_HEADERS,
      changetype<usize>(OPTIONS),
      OUT,
    );
    if (status != OK) return status;
    const handle = open(load<u32>(OUT), request);
    const entry = entryOf(handle)!;
    memory.copy(keyOf(entry), KEY, KEY_LEN);
    classify(entry);
    if (isSettled(entry)) {
      store<u32>(handleOut, handle);
      return OK;
    }
    // It was abandoned or replaced meanwhile: look again.
    release(entry);
  }
}

/** Without request collapsing, and without obligations. */
export function lookup(request: u32, mask: u32, options: usize, handleOut: usize): u32 {
  const failed = keyFor(request, mask, options, KEY);
  if (failed != OK) return failed;
  OPTIONS.requestHeaders = request;
  const status = core.lookup(KEY, KEY_LEN, core.LOOKUP_REQUEST_HEADERS, changetype<usize>(OPTIONS), OUT);
  if (status != OK) return status;
  const handle = open(load<u32>(OUT), request);
  const entry = entryOf(handle)!;
  memory.copy(keyOf(entry), KEY, KEY_LEN);
  classify(entry);
  entry.state &= ~(MUST_INSERT_OR_UPDATE | USABLE_IF_ERROR);
  store<u32>(handleOut, handle);
  return OK;
}

/**
 * Viceroy's core cache keeps a stale response longer than this cache may use it: for revalidation, and for stale-if-error. Who finds such a one and
 * is not obliged to bring a new one waits for whom is. What Viceroy itself collapses is settled before.
 */
function isSettled(entry: Entry): bool {
  if (!entry.hasStored || entry.state & FOUND) return true;
  return entry.state & MUST_INSERT_OR_UPDATE ? lead(entry) : awaitLeader(entry);
}

/**
 * The state of an entry after the lookup in the core cache. "Objects may have one of three distinct types of stale state":
 * https://www.fastly.com/documentation/guides/concepts/cache/stale
 */
function classify(entry: Entry): void {
  core.getState(entry.core, OUT);
  const coreState = load<u32>(OUT);
  const obligation = coreState & MUST_INSERT_OR_UPDATE;
  entry.state = obligation;
  const record = coreState & FOUND ? readStored(entry.core) : 0;
  if (record == 0) return;
  const stored = changetype<Stored>(record);
  if (stored.kind == NOT_CACHEABLE) return;
  entry.hasStored = 1;
  if (!(coreState & STALE)) {
    entry.state = FOUND | USABLE;
    return;
  }
  const staleNs = staleForNs(entry.core, stored);
  if (staleNs < stored.staleWhileRevalidateNs) entry.state = FOUND | USABLE | STALE | obligation;
  else if (staleNs < stored.staleIfErrorNs) entry.state = USABLE_IF_ERROR | obligation;
}

/**
 * How long a response has been stale. "A soft purge marks the affected object as stale rather than making it inaccessible"
 * (https://www.fastly.com/documentation/guides/full-site-delivery/purging/): its windows begin with the purge. Viceroy does not tell when
 * that was: here a soft-purged response is at the beginning of its windows until its lifetime ends.
 */
function staleForNs(handle: u32, stored: Stored): u64 {
  const age = ageNs(handle);
  return age < stored.maxAgeNs ? 0 : age - stored.maxAgeNs;
}
