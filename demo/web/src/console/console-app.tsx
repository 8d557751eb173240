import { useState } from 'react';
import { ExplainForm } from './explain-form.tsx';
import { Nav } from './nav.tsx';
import { Overview } from './overview.tsx';
import { PurgeView } from './purge-view.tsx';
import { RequestsView } from './requests-view.tsx';
import { SwitchesView } from './switches-view.tsx';
import { useAddress } from './use-address.ts';
import { type Connection, useLive } from './use-live.ts';
import { MINUTES, minutesOf, VIEWS, viewOf } from './views.ts';

const STATUS: Readonly<Record<Connection | 'paused' | 'ended', string>> = {
  connecting: 'Connecting …',
  live: 'Live',
  paused: 'Paused',
  ended: 'The log has ended. This is its last state.',
  lost: 'The console has ended, or cannot be reached. Trying again …',
  refused: 'Open the address that the command has printed: the key is missing or old.',
};

/** What the edge does, as its log tells, and what an operator may do about it. */
export function ConsoleApp({ consoleKey }: { readonly consoleKey: string | null }) {
  const address = useAddress();
  const { params, change } = address;
  const view = viewOf(params);
  const minutes = minutesOf(params);
  const [isPaused, pause] = useState(false);
  const { state, connection } = useLive(consoleKey, isPaused);
  const isLive = connection === 'live';
  const status = isLive && isPaused ? 'paused' : isLive && state?.isEnded ? 'ended' : connection;
  return (
    <div className="shell">
      <Nav current={view} change={change} home={state?.facts.home ?? null} />
      <div className="page">
        <header className="bar-top">
          <h1>{VIEWS[view]}</h1>
          <p className="connection" data-connection={status} role="status">
            {STATUS[status]}
          </p>
          {view === 'overview' && (
            <fieldset className="choices">
              <legend className="unseen">Span</legend>
              {MINUTES.map((choice) => (
                <button
                  key={choice}
                  type="button"
                  aria-pressed={choice === minutes}
                  onClick={() => change({ minutes: choice === 10 ? null : String(choice) })}
                >
                  {choice} min
                </button>
              ))}
            </fieldset>
          )}
          <button type="button" className="second" aria-pressed={isPaused} onClick={() => pause(!isPaused)}>
            Pause
          </button>
        </header>
        <main className="console" data-view={view}>
          {view === 'overview' && <Overview state={state} minutes={minutes} change={change} />}
          {view === 'requests' && <RequestsView state={state} address={address} />}
          {view === 'purge' && <PurgeView state={state} consoleKey={consoleKey} />}
          {view === 'switches' && <SwitchesView state={state} consoleKey={consoleKey} />}
          {view === 'explain' && <ExplainForm consoleKey={consoleKey} />}
        </main>
      </div>
    </div>
  );
}
