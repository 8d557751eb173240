import { useEffect, useRef, useState } from 'react';
import { grow } from '../../../../cli/log/grow.ts';
import type { LiveNews } from '../../../../cli/log/live-news.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface Live {
  /** null: nothing has come yet. */
  readonly state: LiveNews | null;
  readonly connection: Connection;
}

/** Follows the console's stream. While it is paused the page stands still, and the stream goes on. */
export function useLive(key: string | null, isPaused: boolean): Live {
  const [state, setState] = useState<LiveNews | null>(null);
  const [connection, setConnection] = useState<Connection>(key === null ? 'refused' : 'connecting');
  const newest = useRef<LiveNews | null>(null);
  const paused = useRef(isPaused);
  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) setState(newest.current);
  }, [isPaused]);

  useEffect(() => {
    if (key === null) return undefined;
    const source = new EventSource(`/events?key=${encodeURIComponent(key)}`);
    source.addEventListener('open', () => setConnection('live'));
    // The browser tries again by itself, except after a refusal.
    source.addEventListener('error', () =>
      setConnection(source.readyState === EventSource.CLOSED ? 'refused' : 'lost'),
    );
    const take = (next: LiveNews) => {
      newest.current = next;
      if (!paused.current) setState(next);
    };
    source.addEventListener('state', ({ data }) => take(JSON.parse(data)));
    source.addEventListener('more', ({ data }) => {
      if (newest.current !== null) take(grow(newest.current, JSON.parse(data)));
    });
    return () => source.close();
  }, [key]);
  return { state, connection };
}
