// For how long a response is stored when the service does not say otherwise.

import * as http from './abi/fastly-http-cache';
import { BAD_HANDLE, BUFFER_TOO_SMALL, OK } from './abi/status';
import { clockTimeGet } from './abi/wasi';
import { secondsOf } from './directives';
import { entryOf } from './entries';
import * as fields from './fields';
import { httpDate } from './http-date';
import { OUT } from './memory';
import { decimal, isSpace, lower } from './text';

const NS_PER_SECOND: u64 = 1_000_000_000;
/** "Default: 2 min": https://www.fastly.com/documentation/guides/concepts/cache/cache-freshness */
const DEFAULT_SECONDS: i64 = 120;
const MOST_SECONDS: i64 = 2147483648;

export function get_suggested_cache_options(
  handle: u32,
  response: u32,
  wanted: u32,
  buffers: usize,
  maskOut: usize,
  optionsOut: usize,
): u32 {
  if (entryOf(handle) === null) return BAD_HANDLE;
  const given = changetype<http.HttpWriteOptions>(buffers);
  const options = changetype<http.HttpWriteOptions>(optionsOut);
  let mask: u32 = 0;
  let status = OK;
  options.maxAgeNs = <u64>ttlSeconds(response) * NS_PER_SECOND;
  if (wanted & http.INITIAL_AGE_NS) {
    options.initialAgeNs = <u64>ageSeconds(response) * NS_PER_SECOND;
    mask |= http.INITIAL_AGE_NS;
  }
  if (wanted & http.STALE_WHILE_REVALIDATE_NS) {
    options.staleWhileRevalidateNs = <u64>staleSeconds(response, 'stale-while-revalidate') * NS_PER_SECOND;
    mask |= http.STALE_WHILE_REVALIDATE_NS;
  }
  if (wanted & http.STALE_IF_ERROR_NS) {
    options.staleIfErrorNs = <u64>staleSeconds(response, 'stale-if-error') * NS_PER_SECOND;
    mask |= http.STALE_IF_ERROR_NS;
  }
  if (wanted & http.VARY_RULE) {
    options.varyRule = given.varyRule;
    options.varyRuleLen = list(response, 'vary', given.varyRule, given.varyRuleLen);
    if (options.varyRuleLen > 0) mask |= http.VARY_RULE;
    if (options.varyRuleLen > given.varyRuleLen) status = BUFFER_TOO_SMALL;
  }
  if (wanted & http.SURROGATE_KEYS) {
    options.surrogateKeys = given.surrogateKeys;
    options.surrogateKeysLen = list(response, 'surrogate-key', given.surrogateKeys, given.surrogateKeysLen);
    if (options.surrogateKeysLen > 0) mask |= http.SURROGATE_KEYS;
    if (options.surrogateKeysLen > given.surrogateKeysLen) status = BUFFER_TOO_SMALL;
  }
  if (wanted & http.LENGTH) {
    const at = fields.valueOf(response, false, 'content-length');
    const length = at == 0 ? -1 : decimal(at, fields.lastLength(), i64.MAX_VALUE / 16);
    if (length >= 0) {
      options.length = length;
      mask |= http.LENGTH;
    }
  }
  store<u32>(maskOut, mask);
  return status;
}

/**
 * "Response headers in order of preference: Surrogate-Control: max-age={n}, otherwise Cache-Control: s-maxage={n}, otherwise Cache-Control:
 * max-age={n}, otherwise Expires: {date}": https://www.fastly.com/documentation/guides/concepts/cache/cache-freshness
 */
function ttlSeconds(response: u32): i64 {
  const surrogate = fields.valueOf(response, false, 'surrogate-control');
  if (surrogate != 0) {
    const seconds = secondsOf(surrogate, fields.lastLength(), 'max-age');
    if (seconds >= 0) return seconds;
  }
  const control = fields.valueOf(response, false, 'cache-control');
  if (control != 0) {
    const shared = secondsOf(control, fields.lastLength(), 's-maxage');
    if (shared >= 0) return shared;
    const seconds = secondsOf(control, fields.lastLength(), 'max-age');
    if (seconds >= 0) return seconds;
  }
  const expires = fields.valueOf(response, false, 'expires');
  if (expires == 0) return DEFAULT_SECONDS;
  // RFC 9111, section 5.3: what is no date is in the past.
  const end = httpDate(expires, fields.lastLength());
  return end < 0 ? 0 : max<i64>(0, end - dateOf(response));
}

/** The origin's clock, or ours. */
function dateOf(response: u32): i64 {
  const at = fields.valueOf(response, false, 'date');
  const date = at == 0 ? -1 : httpDate(at, fields.lastLength());
  if (date >= 0) return date;
  clockTimeGet(0, NS_PER_SECOND, OUT);
  return <i64>(load<u64>(OUT) / NS_PER_SECOND);
}

/** "Surrogate-Control: stale-while-revalidate={n}, otherwise Cache-Control: stale-while-revalidate={n}. Default: 0"; the same for stale-if-error. */
function staleSeconds(response: u32, name: string): i64 {
  const surrogate = fields.valueOf(response, false, 'surrogate-control');
  if (surrogate != 0) {
    const seconds = secondsOf(surrogate, fields.lastLength(), name);
    if (seconds >= 0) return seconds;
  }
  const control = fields.valueOf(response, false, 'cache-control');
  return control == 0 ? 0 : max<i64>(0, secondsOf(control, fields.lastLength(), name));
}

function ageSeconds(response: u32): i64 {
  const at = fields.valueOf(response, false, 'age');
  return at == 0 ? 0 : max<i64>(0, decimal(at, fields.lastLength(), MOST_SECONDS));
}

/** The members of a header, apart by one space each, as far as there is room; returns the length of all. `vary` is in lower case. */
function list(response: u32, name: string, out: usize, room: usize): usize {
  const at = fields.valueOf(response, false, name);
  if (at == 0) return 0;
  const isVary = name == 'vary';
  let length: usize = 0;
  let apart = false;
  for (let from = at; from < at + fields.lastLength(); from++) {
    const byte = load<u8>(from);
    if (isSpace(byte) || byte == 0x2c) {
      apart = length > 0;
      continue;
    }
    if (apart) {
      if (length < room) store<u8>(out + length, 0x20);
      length++;
      apart = false;
    }
    if (length < room) store<u8>(out + length, isVary ? lower(byte) : byte);
    length++;
  }
  return length;
}
