// This adapter is for the local server. On Fastly it would take the place of the real cache: it refuses to start there.

import { environGet, environSizesGet, fdWrite } from './abi/wasi';
import { NEW_RECORD, OUT, RECORD_BYTES, TEXT, TEXT_BYTES } from './memory';
import { put } from './text';

const HOSTNAME = 'FASTLY_HOSTNAME=localhost';

export function requireLocalServer(): void {
  if (isLocalServer()) return;
  const length = put(
    TEXT,
    'claimcache local-cache: this wasm contains the local readthrough cache and runs on the local server only.\n',
  );
  store<usize>(OUT, TEXT);
  store<usize>(OUT + 4, length);
  fdWrite(2, OUT, 1, OUT + 8);
  unreachable();
}

function isLocalServer(): bool {
  if (environSizesGet(OUT, OUT + 4) != 0) return false;
  const count: usize = load<u32>(OUT);
  if (count * 4 > RECORD_BYTES || load<u32>(OUT + 4) > <u32>TEXT_BYTES) return false;
  if (environGet(NEW_RECORD, TEXT) != 0) return false;
  for (let i: usize = 0; i < count; i++) {
    if (isHostname(load<u32>(NEW_RECORD + i * 4))) return true;
  }
  return false;
}

/** Of a variable that ends with a zero byte. */
function isHostname(at: usize): bool {
  for (let i = 0; i < HOSTNAME.length; i++) {
    if (load<u8>(at + i) != HOSTNAME.charCodeAt(i)) return false;
  }
  return load<u8>(at + HOSTNAME.length) == 0;
}
