import { useMemo, useState } from 'react';
import type { RequestLine } from '../../../../cli/log/live-news.ts';

export interface Held {
  /** Newest first. */
  readonly lines: readonly RequestLine[];
  /** Have come since the list was held. */
  readonly newer: number;
  readonly hold: () => void;
  readonly release: () => void;
}

/** The lines that match, newest first. Held, the list stands still while somebody reads in it. */
export function useHeld(requests: readonly RequestLine[], matches: (line: RequestLine) => boolean): Held {
  const [heldSeq, setHeldSeq] = useState<number | null>(null);
  const all = useMemo(() => requests.filter(matches).reverse(), [requests, matches]);
  const newer =
    heldSeq === null
      ? 0
      : Math.max(
          0,
          all.findIndex(({ seq }) => seq <= heldSeq),
        );
  return {
    lines: newer === 0 ? all : all.slice(newer),
    newer,
    hold: () => setHeldSeq((before) => before ?? requests.at(-1)?.seq ?? null),
    release: () => setHeldSeq(null),
  };
}
