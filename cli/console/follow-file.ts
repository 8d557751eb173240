import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const INTERVAL_MS = 300;
const CHUNK_BYTES = 65_536;
/** A log has no such line: what is longer is cut, so that a file without line ends fills no memory. */
const MAX_LINE = 1_000_000;

/** Reads a file from its beginning and follows it as it grows; one that was made shorter is read from its beginning again. */
export async function followFile(
  file: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    let decoder = new StringDecoder('utf8');
    let position = 0;
    let rest = '';
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead > 0) {
        position += bytesRead;
        const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        rest = (lines.pop() ?? '').slice(0, MAX_LINE);
        lines.forEach(onLine);
        continue;
      }
      if ((await handle.stat()).size < position) {
        decoder = new StringDecoder('utf8');
        position = 0;
        rest = '';
        continue;
      }
      await pause(INTERVAL_MS, signal);
    }
  } finally {
    await handle.close();
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done);
  });
}
