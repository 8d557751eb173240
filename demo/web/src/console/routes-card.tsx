import type { LiveNews, RouteSeries } from '../../../../cli/log/live-news.ts';
import { hitRatioOf, partsOf, requestsOf, sumOf } from '../../../../cli/log/sums.ts';
import { NO_FILTERS } from './filters.ts';
import { milliseconds, number, percent } from './format.ts';
import { Sparkline } from './sparkline.tsx';
import type { Address } from './use-address.ts';
import type { Minutes } from './views.ts';

const PARTS = 30;

export interface RoutesCardProps {
  readonly state: LiveNews;
  readonly minutes: Minutes;
  readonly change: Address['change'];
}

/** What each route does in each lane, the busiest first; a click shows its requests. */
export function RoutesCard({ state, minutes, change }: RoutesCardProps) {
  const lines = linesOf(state, minutes);
  return (
    <section className="card" aria-labelledby="routes-title">
      <h2 id="routes-title">Routes</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard */}
      <section className="scroll" aria-labelledby="routes-title" tabIndex={0}>
        <table className="routes">
          <thead>
            <tr>
              <th scope="col" className="word">
                Route
              </th>
              <th scope="col">Requests</th>
              <th scope="col">Hit ratio</th>
              <th scope="col" className="optional">
                Origin
              </th>
              <th scope="col" className="spark">
                Trend
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ series, sum, parts }) => (
              <tr key={`${series.route} ${series.lane}`}>
                <th scope="row">
                  <button
                    type="button"
                    className="link"
                    onClick={() =>
                      change(
                        { ...NO_FILTERS, view: 'requests', route: series.route, lane: series.lane || null },
                        'push',
                      )
                    }
                  >
                    {series.route}
                  </button>
                  <span className="under">
                    {[series.lane, state.facts.routes[series.route]].filter(Boolean).join(' · ')}
                  </span>
                </th>
                <td>{number(requestsOf(sum))}</td>
                <td>{percent(hitRatioOf(sum))}</td>
                <td className="optional">
                  {sum.origin === 0 ? '–' : milliseconds(sum.originMs / sum.origin)}
                </td>
                <td className="spark">
                  <Sparkline parts={parts} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {lines.length === 0 && <p className="nothing">No request in this span.</p>}
      </section>
    </section>
  );
}

function linesOf({ routes, endMs }: LiveNews, minutes: Minutes) {
  return routes
    .map((series: RouteSeries) => ({
      series,
      sum: sumOf(series.slots, endMs, minutes),
      parts: partsOf(series.slots, endMs, minutes, minutes === 1 ? 12 : PARTS),
    }))
    .filter(({ sum }) => requestsOf(sum) > 0)
    .sort((a, b) => requestsOf(b.sum) - requestsOf(a.sum));
}
