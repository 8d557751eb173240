// Text is a pointer to bytes and their number. String constants of AssemblyScript lie in static memory as UTF-16 and are only compared or copied.

/** Writes an ASCII constant as bytes; returns how many. */
export function put(at: usize, constant: string): usize {
  const length = constant.length;
  for (let i = 0; i < length; i++) {
    store<u8>(at + i, <u8>load<u16>(changetype<usize>(constant) + ((<usize>i) << 1)));
  }
  return length;
}

/** Whether the bytes are the ASCII constant, in lower case, whatever their case is. */
export function is(at: usize, length: usize, constant: string): bool {
  if (length != <usize>constant.length) return false;
  for (let i: usize = 0; i < length; i++) {
    if (lower(load<u8>(at + i)) != <u8>load<u16>(changetype<usize>(constant) + (i << 1))) return false;
  }
  return true;
}

export function lower(byte: u8): u8 {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

export function isSpace(byte: u8): bool {
  return byte == 0x20 || byte == 0x09;
}

export function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether two texts are the same bytes. */
export function same(one: usize, oneLen: usize, other: usize, otherLen: usize): bool {
  return oneLen == otherLen && memory.compare(one, other, oneLen) == 0;
}

/** The digits as a number, at most `limit`; -1 where there is anything else. */
export function decimal(at: usize, length: usize, limit: i64): i64 {
  if (length == 0) return -1;
  let value: i64 = 0;
  for (let i: usize = 0; i < length; i++) {
    const byte = load<u8>(at + i);
    if (!isDigit(byte)) return -1;
    value = min<i64>(value * 10 + (byte - 0x30), limit);
  }
  return value;
}

/** Writes a number in decimal; returns how many bytes. */
export function putDecimal(at: usize, value: u64): usize {
  let digits: usize = 1;
  for (let rest = value / 10; rest > 0; rest /= 10) digits++;
  for (let i = digits; i > 0; i--) {
    store<u8>(at + i - 1, <u8>(0x30 + (value % 10)));
    value /= 10;
  }
  return digits;
}
