import { useState } from 'react';
import { OperatorForm } from './operator-form.tsx';

const KINDS = {
  scope: { name: 'Value of a scope', example: 'user 42' },
  keys: { name: 'Surrogate keys', example: 'page:welcome team-report' },
  route: { name: 'Route', example: 'orders' },
} as const;
type Kind = keyof typeof KINDS;

/** `POST /.edge/purge` for what is named. */
export function PurgeForm({ consoleKey }: { readonly consoleKey: string | null }) {
  const [kind, choose] = useState<Kind>('scope');
  return (
    <OperatorForm title="Purge" task="purge" consoleKey={consoleKey} order={purgeOrder}>
      <label>
        What
        <select name="kind" value={kind} onChange={(event) => choose(event.target.value as Kind)}>
          {Object.entries(KINDS).map(([value, { name }]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>
          Which, such as <code>{KINDS[kind].example}</code>
        </span>
        <input name="which" required autoComplete="off" />
      </label>
      <label className="check">
        <input name="soft" type="checkbox" /> soft: serve it stale while it is fetched again
      </label>
    </OperatorForm>
  );
}

/** A scope's values stand behind its name: `team acme member`. */
export function purgeOrder(fields: FormData): object {
  const words = String(fields.get('which') ?? '')
    .trim()
    .split(/\s+/);
  const soft = fields.get('soft') === 'on';
  const [first = '', ...rest] = words;
  switch (fields.get('kind')) {
    case 'keys':
      return { keys: words, soft };
    case 'route':
      return { route: first, soft };
    default:
      if (rest.length === 0) throw new Error('The scope and its value: user 42');
      return { scope: first, values: rest, soft };
  }
}
