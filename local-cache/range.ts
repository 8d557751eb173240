// One range of bytes: RFC 9110, section 14.2. More than one, or none that fits, is answered with the whole.

import * as fields from './fields';
import * as stored from './stored';
import { decimal, is, same } from './text';

const MOST: i64 = i64.MAX_VALUE / 16;
let first: i64 = 0;
let last: i64 = 0;

export function rangeStart(): u64 {
  return first;
}

/** The last byte of it. */
export function rangeEnd(): u64 {
  return last;
}

/** Whether a part of the stored response is asked for, which `rangeStart` and `rangeEnd` then name. */
export function rangeFor(request: u32, length: i64, record: usize): bool {
  first = 0;
  last = 0;
  if (length <= 0) return false;
  const condition = fields.valueOf(request, true, 'if-range');
  if (condition != 0 && !isValidator(condition, fields.lastLength(), record)) return false;
  const at = fields.valueOf(request, true, 'range');
  if (at == 0) return false;
  const size = fields.lastLength();
  if (size < 7 || !is(at, 6, 'bytes=')) return false;
  const from = at + 6;
  const end = at + size;
  let dash = from;
  while (dash < end && load<u8>(dash) != 0x2d) dash++;
  if (dash == end) return false;
  const given = decimal(from, dash - from, MOST);
  const until = decimal(dash + 1, end - dash - 1, MOST);
  if (dash == from) {
    if (until <= 0) return false;
    first = max<i64>(0, length - until);
    last = length - 1;
    return true;
  }
  if (given < 0 || given >= length || (until < 0 && dash + 1 != end)) return false;
  first = given;
  last = until < 0 ? length - 1 : min(until, length - 1);
  return last >= first;
}

/** RFC 9110, section 13.1.5: the strong entity tag, or the very date. */
function isValidator(condition: usize, length: usize, record: usize): bool {
  const end = stored.end(record);
  for (let field = stored.fields(record); field < end; field = fields.next(field)) {
    const isTag =
      is(fields.name(field), fields.nameLen(field), 'etag') && load<u8>(fields.value(field)) == 0x22;
    const isDate = is(fields.name(field), fields.nameLen(field), 'last-modified');
    if ((isTag || isDate) && same(condition, length, fields.value(field), fields.valueLen(field)))
      return true;
  }
  return false;
}
