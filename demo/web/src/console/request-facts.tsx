import type { ReactNode } from 'react';
import type { RequestLine } from '../../../../cli/log/live-news.ts';

const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value} s`);
const list = (values: readonly string[] | undefined) => values?.join(', ');

/** What the log has of the request and its answer, as headers are shown elsewhere: a name, a value. */
export function RequestFacts({
  line,
  pattern,
}: {
  readonly line: RequestLine;
  readonly pattern: string | undefined;
}) {
  const { observed } = line;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Route', pattern === undefined ? line.route : `${line.route}, ${pattern}`],
    ['X-Cache', line.state],
    ['Age', seconds(line.ageSeconds)],
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
  );
}
