// Directives of Cache-Control and Surrogate-Control: RFC 9111, section 5.2.

import { decimal, is, isSpace } from './text';

/** RFC 9111, section 1.2.2: a larger number of seconds is read as this one. */
const MOST_SECONDS: i64 = 2147483648;

let argument: usize = 0;
let argumentLen: usize = 0;

/** Whether a directive is there; its argument is in `argument` then. */
export function hasDirective(at: usize, length: usize, name: string): bool {
  const end = at + length;
  let from = at;
  while (from < end) {
    const to = endOfMember(from, end);
    if (matches(from, to, name)) return true;
    from = to + 1;
  }
  return false;
}

/** The seconds of a directive: -1 where it is not there, 0 where they cannot be read (RFC 9111, section 4.2.1). */
export function secondsOf(at: usize, length: usize, name: string): i64 {
  if (!hasDirective(at, length, name)) return -1;
  return max<i64>(0, decimal(argument, argumentLen, MOST_SECONDS));
}

/** Where the member of a list ends: at the comma that is not in a quoted string. */
function endOfMember(from: usize, end: usize): usize {
  let quoted = false;
  for (let at = from; at < end; at++) {
    const byte = load<u8>(at);
    if (byte == 0x22) quoted = !quoted;
    else if (byte == 0x5c && quoted) at++;
    else if (byte == 0x2c && !quoted) return at;
  }
  return end;
}

function matches(from: usize, to: usize, name: string): bool {
  while (from < to && isSpace(load<u8>(from))) from++;
  while (to > from && isSpace(load<u8>(to - 1))) to--;
  let equals = from;
  while (equals < to && load<u8>(equals) != 0x3d) equals++;
  if (!is(from, equals - from, name)) return false;
  argument = min(equals + 1, to);
  argumentLen = to - argument;
  if (argumentLen >= 2 && load<u8>(argument) == 0x22 && load<u8>(to - 1) == 0x22) {
    argument++;
    argumentLen -= 2;
  }
  return true;
}
