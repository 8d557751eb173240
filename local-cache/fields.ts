// The headers of a message, as one block: for each field the lengths of name and value (u32), then both. The host gives names in lower case.

import * as request from './abi/fastly-http-req';
import * as response from './abi/fastly-http-resp';
import { NAME, NAMES, OUT, TEXT_BYTES, VALUES } from './memory';
import { put } from './text';

const CURSOR: usize = OUT;
const WRITTEN: usize = OUT + 8;

export function nameLen(field: usize): usize {
  return load<u32>(field);
}

export function name(field: usize): usize {
  return field + 8;
}

export function valueLen(field: usize): usize {
  return load<u32>(field + 4);
}

export function value(field: usize): usize {
  return field + 8 + nameLen(field);
}

export function next(field: usize): usize {
  return value(field) + valueLen(field);
}

/** Adds a field to a block; returns where the block ends, which is where it ended where there is no room. */
export function add(
  end: usize,
  limit: usize,
  name: usize,
  nameLen: usize,
  value: usize,
  valueLen: usize,
): usize {
  if (end + 8 + nameLen + valueLen > limit) return end;
  store<u32>(end, <u32>nameLen);
  store<u32>(end + 4, <u32>valueLen);
  memory.copy(end + 8, name, nameLen);
  memory.copy(end + 8 + nameLen, value, valueLen);
  return end + 8 + nameLen + valueLen;
}

/** Writes all headers of a message as a block; returns its end. */
export function readAll(handle: u32, isRequest: bool, block: usize, limit: usize): usize {
  let end = block;
  let cursor: u32 = 0;
  while (true) {
    const failed = isRequest
      ? request.headerNamesGet(handle, NAMES, TEXT_BYTES, cursor, CURSOR, WRITTEN)
      : response.headerNamesGet(handle, NAMES, TEXT_BYTES, cursor, CURSOR, WRITTEN);
    if (failed != 0) return end;
    const following = load<i64>(CURSOR);
    const namesEnd = NAMES + load<u32>(WRITTEN);
    for (let at = NAMES; at < namesEnd; ) {
      let to = at;
      while (to < namesEnd && load<u8>(to) != 0) to++;
      end = readValues(handle, isRequest, at, to - at, end, limit);
      at = to + 1;
    }
    if (following < 0) return end;
    cursor = <u32>following;
  }
}

function readValues(
  handle: u32,
  isRequest: bool,
  name: usize,
  nameLen: usize,
  end: usize,
  limit: usize,
): usize {
  let cursor: u32 = 0;
  while (true) {
    const failed = isRequest
      ? request.headerValuesGet(handle, name, nameLen, VALUES, TEXT_BYTES, cursor, CURSOR, WRITTEN)
      : response.headerValuesGet(handle, name, nameLen, VALUES, TEXT_BYTES, cursor, CURSOR, WRITTEN);
    if (failed != 0) return end;
    const following = load<i64>(CURSOR);
    const valuesEnd = VALUES + load<u32>(WRITTEN);
    for (let at = VALUES; at < valuesEnd; ) {
      let to = at;
      while (to < valuesEnd && load<u8>(to) != 0) to++;
      end = add(end, limit, name, nameLen, at, to - at);
      at = to + 1;
    }
    if (following < 0) return end;
    cursor = <u32>following;
  }
}

/** Appends all fields of a block to a message. */
export function writeAll(handle: u32, isRequest: bool, block: usize, end: usize): void {
  for (let field = block; field < end; field = next(field)) {
    if (isRequest) request.headerAppend(handle, name(field), nameLen(field), value(field), valueLen(field));
    else response.headerAppend(handle, name(field), nameLen(field), value(field), valueLen(field));
  }
}

let listLength: usize = 0;

/** The values of a header as one list, in VALUES until the next header is read; null (0) where there is none. Its length: `lastLength`. */
export function valueOf(handle: u32, isRequest: bool, constant: string): usize {
  const length = put(NAME, constant);
  const failed = isRequest
    ? request.headerValuesGet(handle, NAME, length, VALUES, TEXT_BYTES, 0, CURSOR, WRITTEN)
    : response.headerValuesGet(handle, NAME, length, VALUES, TEXT_BYTES, 0, CURSOR, WRITTEN);
  const written: usize = failed == 0 ? <usize>load<u32>(WRITTEN) : 0;
  if (written == 0) return 0;
  listLength = written - 1;
  for (let at = VALUES; at < VALUES + listLength; at++) {
    if (load<u8>(at) == 0) store<u8>(at, 0x2c);
  }
  return VALUES;
}

export function lastLength(): usize {
  return listLength;
}
