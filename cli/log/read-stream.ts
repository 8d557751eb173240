import type { Readable } from 'node:stream';
import { splitLines } from './split-lines.ts';

/** Reads a stream's lines until it ends, or until `signal`. What it does not read in time waits at the other side. */
export async function readStreamLines(
  stream: Readable,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const lines = splitLines(onLine);
  const stop = () => stream.destroy();
  if (signal.aborted) return;
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) lines.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    lines.end();
  } catch (error) {
    // A stream that was destroyed by `stop` ends with an error.
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
