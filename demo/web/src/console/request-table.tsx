import type { RequestLine } from '../../../../cli/log/snapshot.ts';
import { clock } from './clock.ts';
import { ScrollTable } from './scroll-table.tsx';

const COLUMNS = {
  Time: 'short',
  State: 'short',
  Method: 'short',
  Route: 'word',
  Lane: 'short',
  Reason: 'long',
  Detail: 'word',
  Status: 'number',
  Age: 'number',
  ms: 'number',
} as const;

/** The last requests, newest first, each with why it went the way it went. */
export function RequestTable({ requests }: { readonly requests: readonly RequestLine[] }) {
  return (
    <ScrollTable title="Last requests" columns={COLUMNS} rows="many" nothing="No request yet.">
      {requests.map((line, i) => (
        // By place: see minute-table.tsx.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <tr key={i} data-state={line.state}>
          <td className="short">{clock(line.timeMs)}</td>
          <td className="short badge">{line.state}</td>
          <td className="short">{line.method}</td>
          <th scope="row" title={line.route}>
            {line.route}
          </th>
          <td className="short">{line.lane}</td>
          <td className="long" title={line.reason}>
            {line.reason}
          </td>
          <td className="word" title={line.detail}>
            {line.detail}
          </td>
          <td>{line.status}</td>
          <td>{line.ageSeconds === null ? '–' : `${line.ageSeconds} s`}</td>
          <td>{line.totalMs.toFixed(1)}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}
