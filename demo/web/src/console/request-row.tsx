// biome-ignore-all lint/a11y/useSemanticElements: see request-list.tsx
// biome-ignore-all lint/a11y/useFocusableInteractive: see request-list.tsx
import type { ReactNode } from 'react';
import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { clock, masked, milliseconds } from './format.ts';

export const COLUMNS = ['Time', 'State', 'Request', 'Lane', 'Why', 'Who', 'Status', 'Took'] as const;

export interface RequestRowProps {
  readonly line: RequestLine;
  readonly pattern: string | undefined;
}

/** The cells of one request: their order is that of COLUMNS. */
export function RequestRow({ line, pattern }: RequestRowProps) {
  const { method, route, fingerprint, reason, detail } = line;
  return (
    <>
      <Cell name="time">{clock(line.timeMs)}</Cell>
      <Cell name="state">
        <span className="badge">{line.state}</span>
      </Cell>
      <Cell name="request">
        <span className="method">{method}</span> <span>{pattern ?? route}</span>
        {pattern !== undefined && <span className="route-name"> {route}</span>}
      </Cell>
      <Cell name="lane">{line.lane}</Cell>
      <Cell name="why">
        {reason}
        {detail !== '' && detail !== reason && <span className="detail-word"> · {detail}</span>}
      </Cell>
      <Cell name="who">{fingerprint === undefined ? '–' : masked(fingerprint)}</Cell>
      <Cell name="status">{line.status}</Cell>
      <Cell name="took">{milliseconds(line.totalMs)}</Cell>
    </>
  );
}

/** The list draws some twenty rows a second: each cell is one element. */
function Cell({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <span role="gridcell" className={`cell cell-${name}`}>
      {children}
    </span>
  );
}
