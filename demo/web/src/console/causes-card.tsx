import { adviceOf } from '../../../../cli/log/advice.ts';
import type { CauseSeries, LiveNews } from '../../../../cli/log/live-news.ts';
import { sumOf } from '../../../../cli/log/sums.ts';
import { Bar } from './bar.tsx';
import { NO_FILTERS } from './filters.ts';
import { number } from './format.ts';
import type { Address } from './use-address.ts';
import type { Minutes } from './views.ts';
import { WithCode } from './with-code.tsx';

const MOST = 5;

export interface CausesCardProps {
  readonly state: LiveNews;
  readonly minutes: Minutes;
  readonly change: Address['change'];
}

/** Why requests reached the origin: the most frequent reasons, and what to do about each. */
export function CausesCard({ state, minutes, change }: CausesCardProps) {
  return (
    <section className="card causes" aria-labelledby="causes-title">
      <h2 id="causes-title">Why not from the cache</h2>
      {(['MISS', 'BYPASS'] as const).map((kind) => (
        <Causes key={kind} kind={kind} causes={causesOf(state, minutes, kind)} change={change} />
      ))}
    </section>
  );
}

type Counted = { readonly cause: CauseSeries; readonly count: number };

function Causes({
  kind,
  causes,
  change,
}: {
  readonly kind: 'MISS' | 'BYPASS';
  readonly causes: readonly Counted[];
  readonly change: Address['change'];
}) {
  const most = Math.max(1, ...causes.map(({ count }) => count));
  return (
    <div data-state={kind}>
      <h3>
        <span className="badge">{kind}</span>
      </h3>
      {causes.length === 0 && <p className="nothing">None in this span.</p>}
      <ol className="cause-list">
        {causes.slice(0, MOST).map(({ cause, count }) => {
          const { route, lane, reason, detail } = cause;
          const advice = adviceOf(cause);
          const word = kind === 'MISS' ? detail || reason : reason;
          return (
            <li key={`${route} ${lane} ${reason} ${detail}`}>
              <button
                type="button"
                className="link"
                onClick={() =>
                  change({ ...NO_FILTERS, view: 'requests', state: kind, route, text: word }, 'push')
                }
              >
                {word}
              </button>
              <span className="soft"> {route}</span>
              <span className="cause-count">{number(count)}</span>
              <Bar share={count / most} />
              {advice !== null && (
                <p className="soft">
                  <WithCode text={advice} />
                </p>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function causesOf(state: LiveNews, minutes: Minutes, kind: 'MISS' | 'BYPASS'): Counted[] {
  return state.causes
    .filter((cause) => cause.state === kind)
    .map((cause) => ({ cause, count: sumOf(cause.slots, state.endMs, minutes)[kind] }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
