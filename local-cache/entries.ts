// The http_cache_handles: each is the number of a place in this table.

import { close } from './abi/fastly-cache';
import { BAD_HANDLE } from './abi/status';
import { ENTRIES, ENTRIES_BYTES } from './memory';

export const NO_HANDLE: u32 = 0xfffffffe;

@unmanaged
export class Entry {
  /** Of the core cache. */
  core: u32;
  /** Of the core cache too: held by the leader of a revalidation, see lookup.ts. */
  lock: u32;
  /** The looked-up request. */
  request: u32;
  /** cache_lookup_state */
  state: u32;
  /** Whether a stale response is there, which need not be usable. */
  hasStored: u32;
  isOpen: u32;
  lockHash: u64;
  key0: u64;
  key1: u64;
  key2: u64;
  key3: u64;
}

const SIZE: usize = offsetof<Entry>();
const PLACES: u32 = <u32>(ENTRIES_BYTES / SIZE);
let last: u32 = 0;

export function keyOf(entry: Entry): usize {
  return changetype<usize>(entry) + offsetof<Entry>('key0');
}

/** A new place. js-compute leaves most handles open: the oldest is closed when its place is taken again. */
export function open(core: u32, request: u32): u32 {
  last = (last + 1) % PLACES;
  const at = ENTRIES + <usize>last * SIZE;
  const entry = changetype<Entry>(at);
  if (entry.isOpen) release(entry);
  memory.fill(at, 0, SIZE);
  entry.core = core;
  entry.request = request;
  entry.lock = NO_HANDLE;
  entry.isOpen = 1;
  return last;
}

/** null where there is no such handle. */
export function entryOf(handle: u32): Entry | null {
  if (handle >= PLACES) return null;
  const entry = changetype<Entry>(ENTRIES + <usize>handle * SIZE);
  return entry.isOpen ? entry : null;
}

/** Ends the wait of those who wait for this leader. */
export function unlock(entry: Entry): void {
  if (entry.lock == NO_HANDLE) return;
  close(entry.lock);
  entry.lock = NO_HANDLE;
}

export function release(entry: Entry): u32 {
  if (!entry.isOpen) return BAD_HANDLE;
  entry.isOpen = 0;
  const failed = close(entry.core);
  unlock(entry);
  return failed;
}
