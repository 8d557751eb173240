import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Percentiles are right to 1 %, whatever the distribution: two significant figures, over the whole range. */
const FIGURES = 2;
/** A histogram counts whole numbers: microseconds. */
const PER_MS = 1000;
const LONGEST_MS = 31_536_000_000;

/** Milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface Quantiles {
  add(valueMs: number): void;
  /** null: nothing was added. */
  summary(): Percentiles | null;
}

/** Percentiles of a stream, in memory that does not grow with it (an HDR histogram: some 40 kB). */
export function createQuantiles(): Quantiles {
  let histogram: RecordableHistogram | null = null;
  let sum = 0;
  let max = 0;
  return {
    add(valueMs) {
      histogram ??= createHistogram({ lowest: 1, highest: LONGEST_MS * PER_MS, figures: FIGURES });
      // A clock that was set back makes a negative duration; what is longer than a year is no duration.
      const ms = Math.min(Math.max(0, valueMs), LONGEST_MS);
      sum += ms;
      max = Math.max(max, ms);
      histogram.record(Math.max(1, Math.round(ms * PER_MS)));
    },
    summary() {
      if (histogram === null) return null;
      const { count } = histogram;
      // The histogram answers with the upper end of a bucket, which may lie above the largest value.
      const at = (percent: number) => rounded(Math.min(max, (histogram?.percentile(percent) ?? 0) / PER_MS));
      return {
        count,
        mean: rounded(sum / count),
        p50: at(50),
        p90: at(90),
        p95: at(95),
        p99: at(99),
        max: rounded(max),
      };
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
