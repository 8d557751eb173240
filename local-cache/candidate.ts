// A response of the origin before it is stored: what should become of it, and for how long.

import * as http from './abi/fastly-http-cache';
import * as responses from './abi/fastly-http-resp';
import { BAD_HANDLE, OK } from './abi/status';
import { hasDirective } from './directives';
import { entryOf } from './entries';
import * as fields from './fields';
import { NEW_RECORD, OUT, RECORD_BYTES } from './memory';
import { readStored } from './read-stored';
import * as stored from './stored';
import { is, same } from './text';

/**
 * "If the looked-up request contains conditional headers, this function will interpret a `304 Not Modified` response for revalidation by updating
 * headers": http-cache.witx.
 */
export function prepare_response_for_storage(
  handle: u32,
  response: u32,
  actionOut: usize,
  responseOut: usize,
): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  const failed = responses.statusGet(response, OUT);
  if (failed != OK) return failed;
  const status = load<u16>(OUT);
  const record = status == 304 && entry.hasStored ? readStored(entry.core) : 0;
  if (record != 0) {
    store<u32>(responseOut, renewed(record, response));
    store<u32>(actionOut, http.UPDATE);
    return OK;
  }
  store<u32>(responseOut, response);
  store<u32>(actionOut, actionFor(response, status));
  return OK;
}

/**
 * "If HTTP status is 200, 203, 300, 301, 302, 404, or 410, then yes": https://www.fastly.com/documentation/guides/concepts/cache/cache-freshness
 *
 * "Only the following Cache-Control response directives influence Fastly's caching: public, private, max-age, s-maxage"; `no-store` and `no-cache`
 * do not: https://www.fastly.com/documentation/guides/full-site-delivery/caching/about-cache-control-headers
 */
function actionFor(response: u32, status: u32): u32 {
  const cacheControl = fields.valueOf(response, false, 'cache-control');
  if (cacheControl != 0 && hasDirective(cacheControl, fields.lastLength(), 'private'))
    return http.RECORD_UNCACHEABLE;
  const vary = fields.valueOf(response, false, 'vary');
  if (vary != 0 && hasDirective(vary, fields.lastLength(), '*')) return http.RECORD_UNCACHEABLE;
  switch (status) {
    case 200:
    case 203:
    case 300:
    case 301:
    case 302:
    case 404:
    case 410:
      return http.INSERT;
    default:
      return http.DO_NOT_STORE;
  }
}

/** RFC 9111, section 3.2: the stored response with the headers of the 304, as a response of its own. */
function renewed(record: usize, response: u32): u32 {
  responses.create(OUT);
  const updated = load<u32>(OUT);
  responses.statusSet(updated, changetype<stored.Stored>(record).status);
  const end = fields.readAll(response, false, NEW_RECORD, NEW_RECORD + RECORD_BYTES);
  const storedEnd = stored.end(record);
  for (let field = stored.fields(record); field < storedEnd; field = fields.next(field)) {
    if (!isReplaced(field, NEW_RECORD, end)) append(updated, field);
  }
  for (let field = NEW_RECORD; field < end; field = fields.next(field)) {
    if (!belongsToBody(field)) append(updated, field);
  }
  return updated;
}

function isReplaced(field: usize, block: usize, end: usize): bool {
  // The age is that of the 304, which has just come from the origin.
  if (is(fields.name(field), fields.nameLen(field), 'age')) return true;
  for (let other = block; other < end; other = fields.next(other)) {
    if (same(fields.name(field), fields.nameLen(field), fields.name(other), fields.nameLen(other)))
      return !belongsToBody(other);
  }
  return false;
}

/** What a 304 says of a body is not about the stored one. */
function belongsToBody(field: usize): bool {
  const name = fields.name(field);
  const length = fields.nameLen(field);
  return (
    is(name, length, 'content-length') ||
    is(name, length, 'content-encoding') ||
    is(name, length, 'content-range') ||
    is(name, length, 'content-md5') ||
    is(name, length, 'etag') ||
    is(name, length, 'transfer-encoding') ||
    is(name, length, 'trailer') ||
    is(name, length, 'connection') ||
    is(name, length, 'keep-alive') ||
    is(name, length, 'proxy-connection') ||
    is(name, length, 'upgrade')
  );
}

function append(response: u32, field: usize): void {
  responses.headerAppend(
    response,
    fields.name(field),
    fields.nameLen(field),
    fields.value(field),
    fields.valueLen(field),
  );
}
