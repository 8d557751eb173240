import type { ReactNode } from 'react';
import type { RequestLine } from '../../../../cli/log/live-news.ts';
import { sentHeaders } from './sent-headers.ts';

type Fact = readonly [name: string, value: ReactNode];

const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value} s`);
const list = (values: readonly string[] | undefined) => values?.join(', ');

/** What the log has of the request and its answer: the headers that follow from it, and what else it says. */
export function RequestFacts({
  line,
  pattern,
}: {
  readonly line: RequestLine;
  readonly pattern: string | undefined;
}) {
  const { observed } = line;
  const facts: readonly Fact[] = [
    ['Route', pattern === undefined ? line.route : `${line.route}, ${pattern}`],
    ['Time to live', seconds(line.ttlSeconds)],
    ['Vary, withheld', list(line.unkeyedVary)],
    ['Set-Cookie, taken out', list(line.strippedCookies)],
    ['Cookies of editors, refused', line.refusedCookies],
    ['The origin', list(line.notes)],
    ['Keys purged', line.purged],
    ['Verified by', list([line.provider, line.algorithm].filter((text) => text !== undefined)) || undefined],
    ['Fingerprint', line.fingerprint],
    ['Would have been', observed && `${observed.lane}: ${observed.reason}, ${observed.detail}`],
    ['Cache', line.engine],
    ['Shield', line.shield],
    ['Request id', line.requestId],
  ];
  return (
    <>
      <Facts title="Response headers" facts={sentHeaders(line)} />
      <Facts title="In the log" facts={facts} />
    </>
  );
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </div>
  );
}
