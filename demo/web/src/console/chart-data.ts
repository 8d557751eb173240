import type { Bucket, Snapshot } from '../../../../cli/log/snapshot.ts';

type Series = (number | null)[];

/** As many buckets are shown at least: a line needs some room. */
const MIN_BUCKETS = 24;

/** Times in seconds, hit ratio in percent (a gap where no cache was asked), requests per second. */
export function chartData(snapshot: Snapshot | null): [number[], Series, Series] {
  if (snapshot === null) return [[], [], []];
  const { bucketSeconds, endMs } = snapshot;
  const buckets = sinceFirstRequest(snapshot.buckets);
  const times = buckets.map((_, i) => endMs / 1000 - (buckets.length - i) * bucketSeconds);
  return [times, buckets.map(hitPercentOf), buckets.map(({ requests }) => requests / bucketSeconds)];
}

function sinceFirstRequest(buckets: readonly Bucket[]): readonly Bucket[] {
  const first = buckets.findIndex(({ requests }) => requests > 0);
  return buckets.slice(first < 0 ? -MIN_BUCKETS : Math.min(first, buckets.length - MIN_BUCKETS));
}

export interface Minute {
  readonly startMs: number;
  readonly requests: number;
  readonly hitPercent: number | null;
}

/** The same, a minute a line, newest first. */
export function minutes({ buckets: all, bucketSeconds, endMs }: Snapshot): Minute[] {
  const buckets = sinceFirstRequest(all);
  const perMinute = Math.round(60 / bucketSeconds);
  const result: Minute[] = [];
  for (let end = buckets.length; end > 0; end -= perMinute) {
    const sum = total(buckets.slice(Math.max(0, end - perMinute), end));
    result.push({
      startMs: endMs - (buckets.length - end + perMinute) * bucketSeconds * 1000,
      requests: sum.requests,
      hitPercent: hitPercentOf(sum),
    });
  }
  return result;
}

/** What the picture shows, in a sentence. */
export function summary(snapshot: Snapshot | null): string {
  const { requests, asked, served } = total(snapshot?.buckets ?? []);
  const ratio = hitPercentOf({ requests, asked, served });
  const hits = ratio === null ? 'no cache was asked' : `hit ratio ${ratio.toFixed(0)} percent`;
  return `Chart of the last ten minutes: ${requests} requests, ${hits}.`;
}

function total(buckets: readonly Bucket[]): Bucket {
  return buckets.reduce(
    (sum, bucket) => ({
      requests: sum.requests + bucket.requests,
      served: sum.served + bucket.served,
      asked: sum.asked + bucket.asked,
    }),
    { requests: 0, served: 0, asked: 0 },
  );
}

function hitPercentOf({ asked, served }: Bucket): number | null {
  return asked === 0 ? null : (served / asked) * 100;
}
