import { useState } from 'react';
import { OperatorForm } from './operator-form.tsx';
import { purgeOrder } from './orders.ts';

const KINDS = {
  scope: { name: 'Value of a scope', example: 'user 42' },
  entity: { name: 'Entity of a GraphQL endpoint', example: 'Todo 42' },
  keys: { name: 'Surrogate keys', example: 'page:welcome team-report' },
  route: { name: 'Route', example: 'orders' },
} as const;
type Kind = keyof typeof KINDS;

/** The service tells which surrogate keys it has purged. */
function sentence(content: unknown): string {
  const { purged, soft } = (content ?? {}) as { purged?: unknown; soft?: unknown };
  if (!Array.isArray(purged)) return JSON.stringify(content, null, 2);
  return `${soft ? 'Stale from now on' : 'Purged'}: ${purged.join(', ')}`;
}

/** `POST /.edge/purge` for what is named. */
export function PurgeForm({ consoleKey }: { readonly consoleKey: string | null }) {
  const [kind, choose] = useState<Kind>('scope');
  return (
    <OperatorForm title="Purge" task="purge" consoleKey={consoleKey} order={purgeOrder} shown={sentence}>
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
