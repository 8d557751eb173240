import { type Counts, type LiveNews, SLOT_SECONDS } from '../../../../cli/log/live-news.ts';
import { hitRatioOf, partsOf, requestsOf } from '../../../../cli/log/sums.ts';
import { type Minutes, spanText } from './views.ts';

type Series = (number | null)[];
type Counted = Pick<LiveNews, 'slots' | 'endMs'>;

/** So many points has the chart of each span: their lengths are 5, 5 and 60 seconds. */
const POINTS: Readonly<Record<Minutes, number>> = { 1: 12, 10: 120, 60: 60 };

/**
 * Times in seconds, hit ratio in percent (a gap where no cache was asked), requests per second: of the whole span, always. The newest slot
 * is left out: it is not over, and would draw every load as one that falls.
 */
export function chartData(state: Counted | null, minutes: Minutes): [number[], Series, Series] {
  if (state === null) return [[], [], []];
  const points = POINTS[minutes];
  const seconds = (minutes * 60) / points;
  const newest = Math.round(state.endMs / 1000 / SLOT_SECONDS) - 1;
  const over = state.slots.filter(({ at }) => at < newest);
  const parts = partsOf(over, state.endMs, minutes, points);
  // A point stands at the end of its part, so that the newest is at the right edge.
  const times = parts.map((_, i) => state.endMs / 1000 - (points - 1 - i) * seconds);
  const rates = parts.map((part, i) => {
    const counted = i === points - 1 ? seconds - SLOT_SECONDS : seconds;
    return counted === 0 ? null : requestsOf(part) / counted;
  });
  return [times, parts.map(hitPercent), rates];
}

/** The ends of the axis, in seconds: it is as long as the title says. */
export function axisRange(state: Counted | null, minutes: Minutes): [number, number] {
  const end = (state?.endMs ?? 0) / 1000;
  return [end - minutes * 60, end];
}

export interface Row {
  readonly startMs: number;
  readonly requests: number;
  readonly hitRatio: number | null;
}

/** The same as a table, newest first: a minute a line, or ten of them where there are many. */
export function chartRows({ slots, endMs }: Counted, minutes: Minutes): Row[] {
  const rows = minutes === 1 ? 6 : minutes === 10 ? 10 : 6;
  const lengthMs = (minutes * 60_000) / rows;
  return partsOf(slots, endMs, minutes, rows)
    .map((part, i) => ({
      startMs: endMs - (rows - i) * lengthMs,
      requests: requestsOf(part),
      hitRatio: hitRatioOf(part),
    }))
    .reverse();
}

/** What the picture shows, in a sentence. */
export function summary(counts: Counts | null, minutes: Minutes): string {
  const ratio = counts && hitRatioOf(counts);
  const hits = ratio === null ? 'no cache was asked' : `hit ratio ${(ratio * 100).toFixed(0)} percent`;
  return `Chart of the ${spanText(minutes)}: ${counts === null ? 0 : requestsOf(counts)} requests, ${hits}.`;
}

function hitPercent(part: Counts): number | null {
  const ratio = hitRatioOf(part);
  return ratio === null ? null : ratio * 100;
}
