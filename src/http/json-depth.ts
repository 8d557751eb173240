const MAX_DEPTH = 10_000;

/** Whether JSON may nest so deep that the runtime's parser would run out of memory, and the sandbox end. Brackets in texts count too. */
export function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  for (const byte of bytes) {
    if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
