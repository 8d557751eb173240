import type { RouteLine } from '../../../../cli/log/snapshot.ts';
import { ScrollTable } from './scroll-table.tsx';
import { hitPercent } from './tiles.tsx';

const COLUMNS = {
  Route: 'word',
  Lane: 'short',
  Requests: 'number',
  'Hit ratio': 'number',
  HIT: 'number',
  MISS: 'number',
  STALE: 'number',
  BYPASS: 'number',
  ERROR: 'number',
  'Origin ms': 'number',
} as const;

/** What each route does, in each lane. */
export function RouteTable({ routes }: { readonly routes: readonly RouteLine[] }) {
  return (
    <ScrollTable title="Routes and lanes" columns={COLUMNS} rows="few" nothing="No request yet.">
      {routes.map(({ route, lane, requests, states, originMs }, i) => (
        // By place: see minute-table.tsx.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <tr key={i}>
          <th scope="row" title={route}>
            {route}
          </th>
          <td className="short">{lane}</td>
          <td>{requests}</td>
          <td>{hitPercent(states)}</td>
          {Object.entries(states).map(([state, count]) => (
            <td key={state}>{count}</td>
          ))}
          <td>{originMs === null ? '–' : originMs.toFixed(0)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
