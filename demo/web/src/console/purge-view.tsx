import type { LiveNews } from '../../../../cli/log/live-news.ts';
import { PurgeForm } from './purge-form.tsx';
import { PurgeTable } from './purge-table.tsx';

export interface PurgeViewProps {
  readonly state: LiveNews | null;
  readonly consoleKey: string | null;
}

/** To purge, and what has been purged. */
export function PurgeView({ state, consoleKey }: PurgeViewProps) {
  return (
    <div className="columns even">
      <PurgeForm consoleKey={consoleKey} />
      <PurgeTable purges={state?.purges ?? []} />
    </div>
  );
}
