// Cache keys: 32 bytes.

import { HttpLookupOptions, LOOKUP_OVERRIDE_KEY } from './abi/fastly-http-cache';
import * as requests from './abi/fastly-http-req';
import { BUFFER_TOO_SMALL, OK } from './abi/status';
import { OUT, TEXT, TEXT_BYTES } from './memory';
import { sha256 } from './sha256';

export const KEY_LEN: usize = 32;

/** The key that is given, or the one of the request; returns a status. */
export function keyFor(request: u32, mask: u32, options: usize, out: usize): u32 {
  if (!(mask & LOOKUP_OVERRIDE_KEY)) return suggestedKey(request, out);
  const given = changetype<HttpLookupOptions>(options);
  if (given.overrideKeyLen == KEY_LEN) memory.copy(out, given.overrideKey, KEY_LEN);
  else sha256(given.overrideKey, given.overrideKeyLen, out);
  return OK;
}

/** "The default key is the URL": https://www.fastly.com/documentation/guides/concepts/cache/ */
function suggestedKey(request: u32, out: usize): u32 {
  const failed = requests.uriGet(request, TEXT, TEXT_BYTES, OUT);
  if (failed != OK) return failed;
  sha256(TEXT, load<u32>(OUT), out);
  return OK;
}

export function get_suggested_cache_key(
  request: u32,
  keyOut: usize,
  keyOutLen: usize,
  writtenOut: usize,
): u32 {
  store<u32>(writtenOut, <u32>KEY_LEN);
  return keyOutLen < KEY_LEN ? BUFFER_TOO_SMALL : suggestedKey(request, keyOut);
}
