import { useEffect, useRef, useState } from 'react';
import type { LiveState } from '../../../../cli/console/live-state.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface Live {
  readonly snapshot: LiveState | null;
  readonly connection: Connection;
}

/** Follows the console's stream. While it is paused the page stands still, and the stream goes on. */
export function useLive(key: string | null, isPaused: boolean): Live {
  const [snapshot, setSnapshot] = useState<LiveState | null>(null);
  const [connection, setConnection] = useState<Connection>(key === null ? 'refused' : 'connecting');
  const paused = useRef(isPaused);
  useEffect(() => {
    paused.current = isPaused;
  }, [isPaused]);

  useEffect(() => {
    if (key === null) return undefined;
    const source = new EventSource(`/events?key=${encodeURIComponent(key)}`);
    source.addEventListener('open', () => setConnection('live'));
    // The browser tries again by itself, except after a refusal.
    source.addEventListener('error', () =>
      setConnection(source.readyState === EventSource.CLOSED ? 'refused' : 'lost'),
    );
    source.addEventListener('message', ({ data }) => {
      if (!paused.current) setSnapshot(JSON.parse(data));
    });
    return () => source.close();
  }, [key]);
  return { snapshot, connection };
}
