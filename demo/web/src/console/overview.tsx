import { useMemo } from 'react';
import type { LiveNews } from '../../../../cli/log/live-news.ts';
import { sumOf } from '../../../../cli/log/sums.ts';
import { CausesCard } from './causes-card.tsx';
import { Chart } from './chart.tsx';
import { RoutesCard } from './routes-card.tsx';
import { SavingsCard } from './savings-card.tsx';
import { Tiles } from './tiles.tsx';
import type { Address } from './use-address.ts';
import type { Minutes } from './views.ts';

export interface OverviewProps {
  readonly state: LiveNews | null;
  readonly minutes: Minutes;
  readonly change: Address['change'];
}

/** How the service does, over the span that is chosen. */
export function Overview({ state, minutes, change }: OverviewProps) {
  const counts = useMemo(
    () => (state === null ? null : sumOf(state.slots, state.endMs, minutes)),
    [state, minutes],
  );
  return (
    <>
      <Tiles counts={counts} minutes={minutes} />
      <Chart state={state} counts={counts} minutes={minutes} />
      {/* Lists come whole: empty before, they would push each other away. */}
      {state !== null && counts !== null && (
        <div className="columns">
          <RoutesCard state={state} minutes={minutes} change={change} />
          <div className="column">
            <CausesCard state={state} minutes={minutes} change={change} />
            <SavingsCard counts={counts} minutes={minutes} />
          </div>
        </div>
      )}
    </>
  );
}
