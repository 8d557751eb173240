// What a handle says of the response that was found.

import * as core from './abi/fastly-cache';
import { FOUND } from './abi/fastly-http-cache';
import { BAD_HANDLE, BUFFER_TOO_SMALL, NONE, OK } from './abi/status';
import { entryOf } from './entries';
import { readStored } from './read-stored';
import * as stored from './stored';

export function get_state(handle: u32, stateOut: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  store<u32>(stateOut, entry.state);
  return OK;
}

export function get_length(handle: u32, out: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  return entry.state & FOUND ? core.getLength(entry.core, out) : NONE;
}

export function get_age_ns(handle: u32, out: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  return entry.state & FOUND ? core.getAgeNs(entry.core, out) : NONE;
}

export function get_max_age_ns(handle: u32, out: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  store<u64>(out, changetype<stored.Stored>(record).maxAgeNs);
  return OK;
}

export function get_stale_while_revalidate_ns(handle: u32, out: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  store<u64>(out, changetype<stored.Stored>(record).staleWhileRevalidateNs);
  return OK;
}

export function get_stale_if_error_ns(handle: u32, out: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  store<u64>(out, changetype<stored.Stored>(record).staleIfErrorNs);
  return OK;
}

/** "This figure only reflects hits for a stored response in a particular cache server": http-cache.witx. Here it is 1, the hit that asks. */
export function get_hits(handle: u32, out: usize): u32 {
  if (recordOf(handle) == 0) return missing(handle);
  store<u64>(out, 1);
  return OK;
}

export function get_sensitive_data(handle: u32, out: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  store<u32>(out, changetype<stored.Stored>(record).isSensitive);
  return OK;
}

export function get_surrogate_keys(handle: u32, out: usize, outLen: usize, writtenOut: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  return copyOut(
    stored.surrogateKeys(record),
    changetype<stored.Stored>(record).surrogateKeysLen,
    out,
    outLen,
    writtenOut,
  );
}

export function get_vary_rule(handle: u32, out: usize, outLen: usize, writtenOut: usize): u32 {
  const record = recordOf(handle);
  if (record == 0) return missing(handle);
  return copyOut(
    stored.varyRule(record),
    changetype<stored.Stored>(record).varyRuleLen,
    out,
    outLen,
    writtenOut,
  );
}

function recordOf(handle: u32): usize {
  const entry = entryOf(handle);
  return entry !== null && entry.state & FOUND ? readStored(entry.core) : 0;
}

function missing(handle: u32): u32 {
  return entryOf(handle) === null ? BAD_HANDLE : NONE;
}

function copyOut(at: usize, length: usize, out: usize, outLen: usize, writtenOut: usize): u32 {
  store<u32>(writtenOut, <u32>length);
  if (length > outLen) return BUFFER_TOO_SMALL;
  memory.copy(out, at, length);
  return OK;
}
