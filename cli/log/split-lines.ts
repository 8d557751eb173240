import { StringDecoder } from 'node:string_decoder';

/** A log has no such line: what is longer is cut, so that a stream without line ends fills no memory. */
const MAX_LINE = 1_000_000;

export interface LineSplitter {
  write(bytes: Buffer): void;
  /** The last line may have no end. */
  end(): void;
}

/** Hands on whole lines of a stream of bytes; a character that was cut in two is whole again. */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    write(bytes) {
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = (lines.pop() ?? '').slice(0, MAX_LINE);
      for (const line of lines) onLine(line);
    },
    end() {
      rest += decoder.end();
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
