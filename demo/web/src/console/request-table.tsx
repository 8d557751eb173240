import type { RequestLine } from '../../../../cli/log/snapshot.ts';
import { clock } from './clock.ts';
import { ScrollTable } from './scroll-table.tsx';

const COLUMNS = {
  Time: 'word',
  State: 'word',
  Method: 'word',
  Route: 'word',
  Lane: 'word',
  Reason: 'word',
  Detail: 'word',
  Status: 'number',
  Age: 'number',
  ms: 'number',
} as const;

/** The last requests, newest first, each with why it went the way it went. */
export function RequestTable({ requests }: { readonly requests: readonly RequestLine[] }) {
  return (
    <ScrollTable title="Last requests" columns={COLUMNS} rows="many">
      {requests.map((line, i) => (
        // By place: see minute-table.tsx.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <tr key={i} data-state={line.state}>
          <td className="word">{clock(line.timeMs)}</td>
          <td className="word badge">{line.state}</td>
          <td className="word">{line.method}</td>
          <th scope="row">{line.route}</th>
          <td className="word">{line.lane}</td>
          <td className="word">{line.reason}</td>
          <td className="word">{line.detail}</td>
          <td>{line.status}</td>
          <td>{line.ageSeconds === null ? '–' : `${line.ageSeconds} s`}</td>
          <td>{line.totalMs.toFixed(1)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
