import sketches from '@datadog/sketches-js';

/** Percentiles are right to 1 %, whatever the distribution. */
const RELATIVE_ACCURACY = 0.01;
/** From 1 µs to many days at that accuracy; beyond it the lowest values are counted together. */
const MAX_BINS = 2048;
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

/** Percentiles of a stream, in memory that does not grow with it (DDSketch). */
export function createQuantiles(): Quantiles {
  let sketch: InstanceType<typeof sketches.LogCollapsingLowestDenseDDSketch> | null = null;
  return {
    add(valueMs) {
      sketch ??= new sketches.LogCollapsingLowestDenseDDSketch({
        relativeAccuracy: RELATIVE_ACCURACY,
        binLimit: MAX_BINS,
      });
      // A clock that was set back makes a negative duration; what is longer than a year is no duration.
      sketch.accept(Math.min(Math.max(0, valueMs), LONGEST_MS));
    },
    summary() {
      if (sketch === null) return null;
      const { count, sum, max } = sketch;
      // The sketch answers with the middle of a bin, which may lie above the largest value.
      const at = (quantile: number) => rounded(Math.min(max, sketch?.getValueAtQuantile(quantile) ?? 0));
      return {
        count,
        mean: rounded(sum / count),
        p50: at(0.5),
        p90: at(0.9),
        p95: at(0.95),
        p99: at(0.99),
        max: rounded(max),
      };
    },
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
