import { useState } from 'react';
import { Chart } from './chart.tsx';
import { ExplainForm } from './explain-form.tsx';
import { PurgeForm } from './purge-form.tsx';
import { RequestTable } from './request-table.tsx';
import { RouteTable } from './route-table.tsx';
import { Tiles } from './tiles.tsx';
import { type Connection, useLive } from './use-live.ts';

const STATUS: Readonly<Record<Connection | 'paused' | 'ended', string>> = {
  connecting: 'Connecting …',
  live: 'Live',
  paused: 'Paused',
  ended: 'The log has ended. This is its last state.',
  lost: 'The console has ended, or cannot be reached. Trying again …',
  refused: 'Open the address that the command has printed: the key is missing or old.',
};

/** What the edge does, as its log tells. */
export function ConsoleApp({ consoleKey }: { readonly consoleKey: string | null }) {
  const [isPaused, pause] = useState(false);
  const { snapshot, connection } = useLive(consoleKey, isPaused);
  const isLive = connection === 'live';
  const status = isLive && isPaused ? 'paused' : isLive && snapshot?.isEnded ? 'ended' : connection;
  return (
    <>
      <header className="head">
        <div className="head-row">
          <h1 className="brand">claimcache edge console</h1>
          <p className="connection" data-connection={status} role="status">
            {STATUS[status]}
          </p>
          <div className="head-aside">
            <button type="button" aria-pressed={isPaused} onClick={() => pause(!isPaused)}>
              Pause
            </button>
          </div>
        </div>
      </header>
      <main className="console">
        <Tiles totals={snapshot?.totals} />
        <Chart snapshot={snapshot} />
        <RouteTable routes={snapshot?.routes ?? []} />
        <RequestTable requests={snapshot?.requests ?? []} />
        <div className="cards">
          <PurgeForm consoleKey={consoleKey} />
          <ExplainForm consoleKey={consoleKey} />
        </div>
      </main>
    </>
  );
}
