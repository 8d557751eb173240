// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be virtual: its rows stand where they are put
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and names the row that is active
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { COLUMNS, RequestRow } from './request-row.tsx';
import type { Held } from './use-held.ts';
import { useMedia } from './use-media.ts';

const ROW_PX = { wide: 36, narrow: 60 };
const PAGE = 10;

export interface RequestListProps {
  readonly held: Held;
  readonly patterns: Readonly<Record<string, string>>;
  /** The request id of the row whose detail is open. */
  readonly openId: string | null;
  readonly open: (line: RequestLine) => void;
  readonly nothing: string;
}

/** The requests, of which only those in sight are elements of the page. The arrow keys go through them, Enter opens one. */
export function RequestList({ held, patterns, openId, open, nothing }: RequestListProps) {
  const { lines, newer, hold, release } = held;
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMedia('(max-width: 56rem)');
  const rowPx = isNarrow ? ROW_PX.narrow : ROW_PX.wide;
  const [activeSeq, activate] = useState<number | null>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 6,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height
  useEffect(() => virtual.measure(), [rowPx]);
  const active = activeSeq === null ? -1 : lines.findIndex(({ seq }) => seq === activeSeq);

  const go = (index: number) => {
    const at = Math.max(0, Math.min(lines.length - 1, index));
    const line = lines[at];
    if (line === undefined) return;
    hold();
    activate(line.seq);
    virtual.scrollToIndex(at);
  };
  const press = (event: KeyboardEvent) => {
    const line = lines[active];
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + PAGE,
      PageUp: active - PAGE,
      Home: 0,
      End: lines.length - 1,
    };
    const move = moves[event.key];
    if (move !== undefined) go(move);
    else if (event.key === 'Enter' && line !== undefined) open(line);
    else return;
    event.preventDefault();
  };

  return (
    <div className="request-list">
      {newer > 0 && (
        <button
          type="button"
          className="newer"
          onClick={() => {
            release();
            scroller.current?.scrollTo({ top: 0 });
          }}
        >
          Show {newer} newer
        </button>
      )}
      <div
        ref={scroller}
        className="grid-scroll"
        role="grid"
        aria-label="Requests, newest first"
        aria-rowcount={lines.length + 1}
        aria-activedescendant={active < 0 ? undefined : `request-${activeSeq}`}
        tabIndex={0}
        onKeyDown={press}
        onScroll={({ currentTarget }) => {
          if (currentTarget.scrollTop > 0) hold();
          else if (openId === null) release();
        }}
      >
        <div role="row" aria-rowindex={1} className="grid-head">
          {COLUMNS.map((name) => (
            <span key={name} role="columnheader" className={`cell cell-head-${name.toLowerCase()}`}>
              {name}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="grid-rows" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start, size }) => {
            const line = lines[index];
            if (line === undefined) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys, for the row that is active
              <div
                key={key}
                id={`request-${line.seq}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={line.requestId === openId}
                className="grid-row"
                data-state={line.state}
                data-active={index === active}
                style={{ height: size, transform: `translateY(${start}px)` }}
                onClick={() => {
                  hold();
                  activate(line.seq);
                  open(line);
                }}
              >
                <RequestRow line={line} pattern={patterns[line.route]} />
              </div>
            );
          })}
        </div>
        {lines.length === 0 && <p className="nothing">{nothing}</p>}
      </div>
    </div>
  );
}
