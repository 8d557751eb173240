// The response that was found.

import * as core from './abi/fastly-cache';
import * as bodies from './abi/fastly-http-body';
import { FOUND } from './abi/fastly-http-cache';
import * as responses from './abi/fastly-http-resp';
import { BAD_HANDLE, NONE, OK } from './abi/status';
import { Entry, entryOf } from './entries';
import * as fields from './fields';
import { NAME, OUT, TEXT } from './memory';
import { rangeEnd, rangeFor, rangeStart } from './range';
import { ageNs, readStored } from './read-stored';
import { isHead } from './requests';
import * as stored from './stored';
import { is, put, putDecimal } from './text';

const BODY = changetype<core.GetBodyOptions>(memory.data(16, 8));
const NS_PER_SECOND: u64 = 1_000_000_000;

/**
 * "A response retrieved for a range request may be transformed into a `206 Partial Content` response with an appropriate `content-range` header":
 * http-cache.witx.
 */
export function get_found_response(
  handle: u32,
  transformForClient: u32,
  responseOut: usize,
  bodyOut: usize,
): u32 {
  const entry = entryOf(handle);
  if (entry === null) return BAD_HANDLE;
  const record = entry.state & FOUND ? readStored(entry.core) : 0;
  if (record == 0) return NONE;
  const length: i64 = core.getLength(entry.core, OUT) == OK ? load<i64>(OUT) : -1;
  const status = changetype<stored.Stored>(record).status;
  const isPart = transformForClient != 0 && status == 200 && rangeFor(entry.request, length, record);
  const failed = responses.create(OUT);
  if (failed != OK) return failed;
  const response = load<u32>(OUT);
  responses.statusSet(response, isPart ? 206 : status);
  const end = stored.end(record);
  for (let field = stored.fields(record); field < end; field = fields.next(field)) {
    const name = fields.name(field);
    const nameLen = fields.nameLen(field);
    if (is(name, nameLen, 'age') || (isPart && is(name, nameLen, 'content-length'))) continue;
    responses.headerAppend(response, name, nameLen, fields.value(field), fields.valueLen(field));
  }
  // RFC 9111, section 5.1.
  if (transformForClient != 0) {
    responses.headerAppend(
      response,
      NAME,
      put(NAME, 'age'),
      TEXT,
      putDecimal(TEXT, ageNs(entry.core) / NS_PER_SECOND),
    );
  }
  if (isPart) appendRange(response, length);
  store<u32>(responseOut, response);
  return bodyOf(entry, isPart, bodyOut);
}

function bodyOf(entry: Entry, isPart: bool, bodyOut: usize): u32 {
  if (isHead(entry.request)) return bodies.create(bodyOut);
  BODY.from = rangeStart();
  BODY.to = rangeEnd();
  return core.getBody(
    entry.core,
    isPart ? core.BODY_FROM | core.BODY_TO : 0,
    changetype<usize>(BODY),
    bodyOut,
  );
}

function appendRange(response: u32, length: u64): void {
  let end = put(TEXT, 'bytes ');
  end += putDecimal(TEXT + end, rangeStart());
  end += put(TEXT + end, '-');
  end += putDecimal(TEXT + end, rangeEnd());
  end += put(TEXT + end, '/');
  end += putDecimal(TEXT + end, length);
  responses.headerAppend(response, NAME, put(NAME, 'content-range'), TEXT, end);
  const digits = putDecimal(TEXT, rangeEnd() - rangeStart() + 1);
  responses.headerAppend(response, NAME, put(NAME, 'content-length'), TEXT, digits);
}
