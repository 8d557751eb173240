import { useEffect, useRef } from 'react';
import { adviceOf } from '../../../../cli/log/advice.ts';
import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { explained } from './explained.ts';
import { clock } from './format.ts';
import { RequestFacts } from './request-facts.tsx';
import { Timings } from './timings.tsx';
import { WithCode } from './with-code.tsx';

export interface RequestDetailProps {
  /** null: it is no longer among the requests that are kept. */
  readonly line: RequestLine | null;
  readonly pattern: string | undefined;
  readonly close: () => void;
  /** Narrows the list to what is like this request. */
  readonly show: (filters: Readonly<Record<string, string>>) => void;
}

/** All that the log says of one request, why it went so, and what would make a HIT of it. */
export function RequestDetail({ line, pattern, close, show }: RequestDetailProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section
      className="detail"
      aria-labelledby="detail-title"
      data-state={line?.state}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <div className="detail-head">
        <h2 id="detail-title" ref={heading} tabIndex={-1}>
          {line === null ? 'Request' : `${line.method} ${line.path ?? pattern ?? line.route}`}
        </h2>
        <button type="button" className="second" aria-label="Close the request" onClick={close}>
          Close
        </button>
      </div>
      {line === null ? (
        <p className="nothing">This request is no longer kept. The log has its line.</p>
      ) : (
        <Known line={line} pattern={pattern} show={show} />
      )}
    </section>
  );
}

function Known({ line, pattern, show }: Omit<RequestDetailProps, 'close'> & { readonly line: RequestLine }) {
  const advice = adviceOf(line);
  const { fingerprint } = line;
  return (
    <>
      <p>
        <span className="badge">{line.state}</span> {line.status} · {line.lane} · {clock(line.timeMs)}
      </p>
      <div className="detail-why">
        <h3>Why</h3>
        {explained(line).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {advice !== null && (
        <div className="advice">
          <h3>What would make it a HIT</h3>
          <p>
            <WithCode text={advice} />
          </p>
        </div>
      )}
      <Timings line={line} />
      <RequestFacts line={line} pattern={pattern} />
      <div className="row">
        <button type="button" className="second" onClick={() => show({ route: line.route })}>
          All of this route
        </button>
        {fingerprint !== undefined && (
          <button type="button" className="second" onClick={() => show({ fingerprint })}>
            All of this person
          </button>
        )}
      </div>
    </>
  );
}
