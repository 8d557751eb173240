import type { Row } from './chart-data.ts';
import { clock, number, percent } from './format.ts';

/** What the chart shows, for whoever cannot see a picture. */
export function ChartRows({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col" className="word">
            From
          </th>
          <th scope="col">Requests</th>
          <th scope="col">Hit ratio</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ startMs, requests, hitRatio }, i) => (
          // By place, not by time: rows that move would be a shift of the page every few seconds.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={i}>
            <th scope="row">{clock(startMs)}</th>
            <td>{number(requests)}</td>
            <td>{percent(hitRatio)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
