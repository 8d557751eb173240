// Request collapsing around a stale response that may not be used before it was revalidated. The leader holds a transaction of the core cache
// under a second key; the others wait for its end.

import * as core from './abi/fastly-cache';
import * as bodies from './abi/fastly-http-body';
import { FOUND, MUST_INSERT_OR_UPDATE, STALE, USABLE, USABLE_IF_ERROR } from './abi/fastly-http-cache';
import { purgeSurrogateKey } from './abi/fastly-purge';
import { BAD_HANDLE, OK } from './abi/status';
import { Entry, entryOf, keyOf, NO_HANDLE, unlock } from './entries';
import { KEY_LEN } from './keys';
import { NEW_RECORD, OUT, TEXT } from './memory';
import { readStored } from './read-stored';
import * as stored from './stored';
import { put } from './text';
import { variantHash } from './variant';

/** How long a leader's choice is there for those who waited; a later leader removes it. */
const CHOICE_NS: u64 = 2_000_000_000;
const OPTIONS: usize = memory.data(16, 8);
const WRITE = changetype<core.WriteOptions>(memory.data(88, 8));

/** Makes this the leader, for whom the others wait. */
export function lead(entry: Entry): bool {
  while (true) {
    const lock = lookUpLock(entry);
    if (lock == NO_HANDLE) return true;
    core.getState(lock, OUT);
    if (load<u32>(OUT) & MUST_INSERT_OR_UPDATE) {
      entry.lock = lock;
      return true;
    }
    // The choice of an earlier leader.
    core.close(lock);
    purgeSurrogateKey(TEXT, choiceName(entry), 0, OUT);
  }
}

/** Waits for the leader. true: it chose the stale response, and so it is for this request; false: look again. */
export function awaitLeader(entry: Entry): bool {
  const lock = lookUpLock(entry);
  if (lock == NO_HANDLE) return true;
  core.getState(lock, OUT);
  const choseStale = (load<u32>(OUT) & FOUND) != 0;
  core.close(lock);
  if (!choseStale || !(entry.state & USABLE_IF_ERROR)) return false;
  entry.state = FOUND | USABLE | STALE | USABLE_IF_ERROR;
  return true;
}

/**
 * "It completes a request collapse, providing the stale response to all collapsed transactions … However, `transaction_choose_stale` does not
 * change the cached state. The next lookup will again collapse": http-cache.witx.
 * https://www.fastly.com/documentation/reference/changes/2026/06/rust-sdk-0.13.0
 */
export function transaction_choose_stale(handle: u32): u32 {
  const entry = entryOf(handle);
  if (entry === null || !(entry.state & USABLE_IF_ERROR) || !(entry.state & MUST_INSERT_OR_UPDATE))
    return BAD_HANDLE;
  if (entry.lock != NO_HANDLE) {
    stored.begin(stored.CHOSE_STALE);
    WRITE.maxAgeNs = CHOICE_NS;
    WRITE.surrogateKeys = TEXT;
    WRITE.surrogateKeysLen = choiceName(entry);
    WRITE.userMetadata = NEW_RECORD;
    WRITE.userMetadataLen = stored.fields(NEW_RECORD) - NEW_RECORD;
    const mask = core.WRITE_SURROGATE_KEYS | core.WRITE_USER_METADATA;
    if (core.transactionInsert(entry.lock, mask, changetype<usize>(WRITE), OUT) == OK)
      bodies.close(load<u32>(OUT));
    unlock(entry);
  }
  core.transactionCancel(entry.core);
  entry.state = FOUND | USABLE | STALE | USABLE_IF_ERROR;
  return OK;
}

/** Blocks while another one leads. The lock is one for each variant. */
function lookUpLock(entry: Entry): u32 {
  if (entry.lockHash == 0) {
    const record = readStored(entry.core);
    entry.lockHash =
      record == 0
        ? 1
        : variantHash(entry.request, stored.varyRule(record), changetype<stored.Stored>(record).varyRuleLen);
  }
  memory.copy(TEXT, keyOf(entry), KEY_LEN);
  store<u64>(TEXT + KEY_LEN, entry.lockHash);
  const length = KEY_LEN + 8 + put(TEXT + KEY_LEN + 8, 'leader');
  return core.transactionLookup(TEXT, length, 0, OPTIONS, OUT) == OK ? load<u32>(OUT) : NO_HANDLE;
}

/** The surrogate key of a leader's choice, written to TEXT; returns its length. */
function choiceName(entry: Entry): usize {
  const length = put(TEXT, 'local-cache-choice-');
  let bits = load<u64>(keyOf(entry)) ^ entry.lockHash;
  for (let i: usize = 0; i < 16; i++) {
    const digit = <u8>(bits & 15);
    store<u8>(TEXT + length + i, digit < 10 ? 0x30 + digit : 0x57 + digit);
    bits >>= 4;
  }
  return length + 16;
}
