import { type FormEvent, useState } from 'react';
import { operate } from './operate.ts';
import { purgeOrder } from './orders.ts';

const KINDS = {
  scope: { name: 'Value of a scope', example: 'user 42' },
  entity: { name: 'Entity of a GraphQL endpoint', example: 'Todo 42' },
  keys: { name: 'Surrogate keys', example: 'page:welcome team-report' },
  route: { name: 'Route', example: 'orders' },
} as const;
type Kind = keyof typeof KINDS;

/** First which keys it would be, then the purge of just these. */
type Step =
  | { readonly at: 'form'; readonly said: string; readonly isProblem: boolean }
  | { readonly at: 'keys'; readonly keys: readonly string[] };

/** `POST /.edge/purge` for what is named: a dry run first, and softly unless it is asked for otherwise. */
export function PurgeForm({ consoleKey }: { readonly consoleKey: string | null }) {
  const [kind, choose] = useState<Kind>('scope');
  const [step, setStep] = useState<Step>({ at: 'form', said: '', isProblem: false });
  const fail = (said: string) => setStep({ at: 'form', said, isProblem: true });

  const dryRun = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    try {
      const answer = await operate(consoleKey, 'purge', purgeOrder(new FormData(event.currentTarget)));
      if (!answer.ok) return fail(answer.problem);
      const { wouldPurge } = answer.content as { wouldPurge?: unknown };
      if (!Array.isArray(wouldPurge)) return fail('The service does not say which keys it would be.');
      setStep({ at: 'keys', keys: wouldPurge.map(String) });
    } catch (error) {
      fail((error as Error).message);
    }
  };
  const purge = async (keys: readonly string[], soft: boolean) => {
    const answer = await operate(consoleKey, 'purge', { keys, soft });
    if (!answer.ok) return fail(answer.problem);
    const said = `${soft ? 'Stale from now on' : 'Purged'}: ${keys.join(', ')}`;
    setStep({ at: 'form', said, isProblem: false });
  };

  return (
    <section className="card" aria-labelledby="purge-title">
      <h2 id="purge-title">Purge</h2>
      <form className="operator" onSubmit={(event) => void dryRun(event)}>
        <label className="field">
          <span>What</span>
          <select name="kind" value={kind} onChange={({ target }) => choose(target.value as Kind)}>
            {Object.entries(KINDS).map(([value, { name }]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>
            Which, such as <code>{KINDS[kind].example}</code>
          </span>
          <input
            name="which"
            required
            autoComplete="off"
            spellCheck={false}
            onChange={() => setStep({ at: 'form', said: '', isProblem: false })}
          />
        </label>
        <button type="submit">Show the keys</button>
      </form>
      <div role="status" className="purge-step">
        {step.at === 'form' ? (
          <p className={step.isProblem ? 'problem' : 'done'}>{step.said}</p>
        ) : (
          <Keys keys={step.keys} />
        )}
      </div>
      {step.at === 'keys' && (
        <div className="row">
          <button type="button" onClick={() => void purge(step.keys, true)}>
            Purge softly
          </button>
          <button type="button" className="danger" onClick={() => void purge(step.keys, false)}>
            Purge hard
          </button>
        </div>
      )}
      <p className="soft">
        Softly: what is stored is stale, and serves once more while it is fetched anew. Hard: it is gone, and
        the next request waits for the origin.
      </p>
    </section>
  );
}

function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <>
      <p>
        Nothing is purged yet. It would be {keys.length === 1 ? 'this key' : `these ${keys.length} keys`}, and
        all that is stored under {keys.length === 1 ? 'it' : 'them'}:
      </p>
      <ul className="keys">
        {keys.map((key) => (
          <li key={key}>
            <code>{key}</code>
          </li>
        ))}
      </ul>
    </>
  );
}
