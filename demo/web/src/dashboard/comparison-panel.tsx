import { useIsFetching } from '@tanstack/react-query';
import { useEffect } from 'react';
import { originCounts, readOriginCounter, switchCache, type Way, ways } from '../measure/comparison.ts';
import { useStore } from '../measure/store.ts';
import { visits } from '../measure/visits.ts';
import { withoutCache } from '../measure/without-cache.ts';
import { useSaid } from '../ui/use-said.ts';

/** The same pages with the edge's cache and past it: how long they took, and how often the origin was asked. */
export function ComparisonPanel({ reload }: { readonly reload: () => Promise<unknown> }) {
  const isWithout = useStore(withoutCache);
  const compared = ways(useStore(visits), useStore(originCounts));
  const isFetching = useIsFetching() > 0;
  const [said, run] = useSaid();
  useEffect(() => {
    // A page that cannot read the counter shows the last one: its cards say that the service does not answer.
    if (!isFetching) void readOriginCounter().catch(() => {});
  }, [isFetching]);

  const change = async () => {
    await switchCache(!isWithout);
    await reload();
  };
  const longestMs = Math.max(1, ...compared.map(({ medianMs }) => medianMs ?? 0));
  return (
    <section className="card comparison" aria-labelledby="comparison">
      <div className="card-head">
        <h2 id="comparison">With and without claimcache</h2>
        <button
          type="button"
          role="switch"
          aria-checked={isWithout}
          className="second"
          onClick={() => run(change)}
        >
          Without claimcache
        </button>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">Requests</th>
            <th scope="col">Reached the origin</th>
            <th scope="col">Median time</th>
          </tr>
        </thead>
        <tbody>
          {compared.map((way) => (
            <WayRow key={String(way.isWithout)} way={way} longestMs={longestMs} />
          ))}
        </tbody>
      </table>
      <p className="rendered">
        {isWithout
          ? 'Everything this browser asks for goes straight to the origin now, the CMS included.'
          : 'The origin of the demo takes 300 ms for a page, as a database would. It counts for itself.'}
      </p>
      <p className="rendered">
        The way is all that is not the edge: this browser, the connection and, with <code>npm start</code>,
        the local server, which starts a sandbox for each request. Five at once share its cores.
      </p>
      <p className="problem" role="alert">
        {said}
      </p>
    </section>
  );
}

function WayRow({ way, longestMs }: { readonly way: Way; readonly longestMs: number }) {
  const { isWithout, requests, originRequests, medianMs } = way;
  const name = isWithout ? 'Past the cache' : 'Through claimcache';
  return (
    <tr data-way={isWithout ? 'without' : 'with'}>
      <th scope="row">{name}</th>
      <td data-count="requests">{requests}</td>
      <td data-count="origin">{originRequests}</td>
      <td>
        <span className="bar">
          <meter
            min={0}
            max={longestMs}
            value={medianMs ?? 0}
            aria-label={`Median time, ${name.toLowerCase()}`}
          />
          <span className="bar-value">{medianMs === null ? '–' : `${Math.round(medianMs)} ms`}</span>
        </span>
      </td>
    </tr>
  );
}
