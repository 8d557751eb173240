import { useState } from 'react';
import type { LiveNews } from '../../../../cli/log/live-news.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { operate } from './operate.ts';
import { effectOf, isRemoval, switchCommand, switchRows } from './switch-rows.ts';
import { SwitchTable } from './switch-table.tsx';
import { useSwitches } from './use-switches.ts';

export interface SwitchesViewProps {
  readonly state: LiveNews | null;
  readonly consoleKey: string | null;
}

interface Wanted {
  readonly item: string;
  readonly value: string;
}

/** What is switched off, without a deploy: each change is asked about before it is made. */
export function SwitchesView({ state, consoleKey }: SwitchesViewProps) {
  const [loaded, load] = useSwitches(consoleKey);
  const [wanted, want] = useState<Wanted | null>(null);
  const [said, say] = useState('');
  const canWrite = state?.facts.switches === 'written';
  const routes = routeNames(state);

  const set = async ({ item, value }: Wanted) => {
    want(null);
    const answer = await operate(consoleKey, 'switch', {
      item,
      value: isRemoval(item, value) ? null : value,
    });
    say(answer.ok ? `${item} is ${value} now. It is in force within seconds.` : answer.problem);
    await load();
  };

  return (
    <section className="card" aria-labelledby="switches-title">
      <div className="card-head">
        <h2 id="switches-title">Switches</h2>
        <button type="button" className="second" onClick={() => void load()}>
          Read again
        </button>
      </div>
      <p className="soft">
        Items of the Config Store, in force without a deploy. What is not “on” stays so until somebody removes
        it.
      </p>
      <p role="status" className="said">
        {said}
      </p>
      {(loaded.is === 'loading' || (loaded.is === 'known' && state === null)) && (
        <p className="nothing">Asking the service …</p>
      )}
      {loaded.is === 'failed' && (
        <p className="problem" role="alert">
          {loaded.problem}
        </p>
      )}
      {loaded.is === 'known' && state !== null && (
        <SwitchTable
          rows={switchRows(loaded.switches, routes)}
          patterns={state.facts.routes}
          keyVersion={loaded.switches.keyVersion}
          want={(item, value) => want({ item, value })}
        />
      )}
      {wanted !== null && (
        <ConfirmDialog
          title={`${wanted.item}: ${wanted.value}`}
          action={canWrite ? `Set ${wanted.item} to ${wanted.value}` : null}
          confirm={() => void set(wanted)}
          cancel={() => want(null)}
        >
          <p>{effectOf(wanted.item, wanted.value)}</p>
          <p className="soft">
            {canWrite
              ? 'In production the same is done by:'
              : 'This console cannot write the Config Store: it was started without --config-store. Run:'}
          </p>
          <pre className="command">{switchCommand(wanted.item, wanted.value)}</pre>
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Of the policy, where it is at hand; else those that the log has named. */
function routeNames(state: LiveNews | null): readonly string[] {
  const named = Object.keys(state?.facts.routes ?? {});
  if (named.length > 0) return named;
  const logged = state?.routes.map(({ route }) => route) ?? [];
  return [...new Set(logged)].filter((route) => !route.startsWith('(')).sort();
}
