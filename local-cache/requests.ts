// What is asked about a request before it is looked up, and the request that goes to the origin after that.

import * as requests from './abi/fastly-http-req';
import { BAD_HANDLE, OK } from './abi/status';
import { Entry, entryOf } from './entries';
import * as fields from './fields';
import { NEW_RECORD, OUT, RECORD_BYTES, TEXT, TEXT_BYTES } from './memory';
import { readStored } from './read-stored';
import * as stored from './stored';
import { is, put } from './text';

/** POST to this address is cacheable: no platform says so, so a service can tell by it that this adapter is there. */
const MARKER = 'https://local-cache.claimcache.invalid/';

/**
 * "In particular, this function checks whether the request method is `GET` or `HEAD`": http-cache.witx. js-compute asks it before each fetch, and
 * takes the error `unsupported`, which Viceroy answers by itself, for a service without the HTTP cache.
 */
export function is_request_cacheable(request: u32, cacheableOut: usize): u32 {
  const failed = requests.methodGet(request, TEXT, TEXT_BYTES, OUT);
  if (failed != OK) return failed;
  const method = load<u32>(OUT);
  const isPost = is(TEXT, method, 'post');
  const isSafe = is(TEXT, method, 'get') || is(TEXT, method, 'head');
  store<u32>(cacheableOut, isSafe || (isPost && isMarker(request)) ? 1 : 0);
  return OK;
}

function isMarker(request: u32): bool {
  return requests.uriGet(request, TEXT, TEXT_BYTES, OUT) == OK && is(TEXT, load<u32>(OUT), MARKER);
}

/** Whether the looked-up request is HEAD. */
export function isHead(request: u32): bool {
  return requests.methodGet(request, TEXT, TEXT_BYTES, OUT) == OK && is(TEXT, load<u32>(OUT), 'head');
}

/**
 * "If there is a stored, stale response, this suggested request may be for revalidation. If the looked-up request is ranged, the suggested request
 * will be unranged in order to try caching the entire response": http-cache.witx. HEAD becomes GET, so that there is a body to store.
 */
export function get_suggested_backend_request(handle: u32, requestOut: usize): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  const failed = requests.create(OUT);
  if (failed != OK) return failed;
  const request = load<u32>(OUT);
  copyTarget(entry.request, request);
  const end = fields.readAll(entry.request, true, NEW_RECORD, NEW_RECORD + RECORD_BYTES);
  for (let field = NEW_RECORD; field < end; field = fields.next(field)) {
    if (isForStorage(field)) {
      requests.headerAppend(
        request,
        fields.name(field),
        fields.nameLen(field),
        fields.value(field),
        fields.valueLen(field),
      );
    }
  }
  if (entry.hasStored) addValidators(entry, request);
  store<u32>(requestOut, request);
  return OK;
}

function copyTarget(from: u32, to: u32): void {
  if (requests.methodGet(from, TEXT, TEXT_BYTES, OUT) == OK) {
    let length: usize = load<u32>(OUT);
    if (is(TEXT, length, 'head')) length = put(TEXT, 'GET');
    requests.methodSet(to, TEXT, length);
  }
  if (requests.uriGet(from, TEXT, TEXT_BYTES, OUT) == OK) requests.uriSet(to, TEXT, load<u32>(OUT));
  if (requests.versionGet(from, OUT) == OK) requests.versionSet(to, load<u32>(OUT));
}

/** Ranges and conditions are the client's; the response is for everybody. */
function isForStorage(field: usize): bool {
  const name = fields.name(field);
  const length = fields.nameLen(field);
  return !(
    is(name, length, 'range') ||
    is(name, length, 'if-range') ||
    is(name, length, 'if-match') ||
    is(name, length, 'if-none-match') ||
    is(name, length, 'if-modified-since') ||
    is(name, length, 'if-unmodified-since') ||
    is(name, length, 'fastly-xqd-cache-key')
  );
}

/** RFC 9111, section 4.3.1: the validators of the stored response. */
function addValidators(entry: Entry, request: u32): void {
  const record = readStored(entry.core);
  if (record == 0) return;
  const end = stored.end(record);
  for (let field = stored.fields(record); field < end; field = fields.next(field)) {
    const name = fields.name(field);
    const length = fields.nameLen(field);
    if (is(name, length, 'etag')) append(request, 'if-none-match', field);
    else if (is(name, length, 'last-modified')) append(request, 'if-modified-since', field);
  }
}

function append(request: u32, constant: string, field: usize): void {
  requests.headerAppend(request, TEXT, put(TEXT, constant), fields.value(field), fields.valueLen(field));
}
