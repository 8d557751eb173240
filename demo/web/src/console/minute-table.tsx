import type { Snapshot } from '../../../../cli/log/snapshot.ts';
import { minutes } from './chart-data.ts';
import { clock } from './clock.ts';

export function MinuteTable({ snapshot }: { readonly snapshot: Snapshot | null }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col" className="short">
            From
          </th>
          <th scope="col">Requests</th>
          <th scope="col">Hit ratio</th>
        </tr>
      </thead>
      <tbody>
        {(snapshot === null ? [] : minutes(snapshot)).map(({ startMs, requests, hitPercent }, i) => (
          // By place, not by time: rows that move would be a shift of the page every few seconds.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={i}>
            <th scope="row">{clock(startMs)}</th>
            <td>{requests}</td>
            <td>{hitPercent === null ? '–' : `${hitPercent.toFixed(0)} %`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
