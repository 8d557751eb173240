import { type FileHandle, open, stat } from 'node:fs/promises';
import { type LineSplitter, splitLines } from './split-lines.ts';

const INTERVAL_MS = 300;
const CHUNK_BYTES = 65_536;

/**
 * Reads a file from its beginning and follows it as it grows. One that was made shorter is read from its beginning again; so is the new
 * one of that name where the old one was moved away, as logrotate does.
 */
export async function followFile(
  file: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let handle = await open(file, 'r');
  try {
    let lines = splitLines(onLine);
    let position = 0;
    while (!signal.aborted) {
      const read = await readChunk(handle, buffer, position, lines);
      position += read;
      if (read > 0) continue;
      const next = await successor(file, handle);
      if (next !== null) {
        // Written between the last look and the move.
        for (let more = -1; more !== 0; position += more)
          more = await readChunk(handle, buffer, position, lines);
        await handle.close();
        handle = next;
      }
      if (next !== null || (await handle.stat()).size < position) {
        lines = splitLines(onLine);
        position = 0;
        continue;
      }
      await pause(INTERVAL_MS, signal);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Reads a file from its beginning to its end.
 *
 * @param onRead - Is told how many bytes each piece had.
 */
export async function readFileLines(
  file: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
  onRead: (chunkBytes: number) => void = () => {},
): Promise<void> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES);
    const lines = splitLines(onLine);
    for (let position = 0; !signal.aborted; ) {
      const read = await readChunk(handle, buffer, position, lines);
      if (read === 0) break;
      position += read;
      onRead(read);
    }
    lines.end();
  } finally {
    await handle.close();
  }
}

async function readChunk(
  handle: FileHandle,
  buffer: Buffer,
  position: number,
  lines: LineSplitter,
): Promise<number> {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
  if (bytesRead > 0) lines.write(buffer.subarray(0, bytesRead));
  return bytesRead;
}

/** The file that has taken the name of the open one, or null. */
async function successor(file: string, handle: FileHandle): Promise<FileHandle | null> {
  try {
    const [named, opened] = await Promise.all([stat(file), handle.stat()]);
    return named.ino === opened.ino && named.dev === opened.dev ? null : await open(file, 'r');
  } catch {
    // Moved away, and nothing new there yet.
    return null;
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
