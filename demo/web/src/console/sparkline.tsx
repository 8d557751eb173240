import type { Counts } from '../../../../cli/log/live-news.ts';
import { requestsOf } from '../../../../cli/log/sums.ts';

const HEIGHT = 24;

/** Requests over time, part by part, and which of them the cache answered. The numbers stand beside it. */
export function Sparkline({ parts }: { readonly parts: readonly Counts[] }) {
  const most = Math.max(1, ...parts.map(requestsOf));
  const heightOf = (requests: number) => (requests / most) * HEIGHT;
  const path = (heights: readonly number[]) =>
    heights
      .map((height, i) => (height === 0 ? '' : `M${i + 0.5} ${HEIGHT}V${(HEIGHT - height).toFixed(2)}`))
      .join('');
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${parts.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="spark-all" d={path(parts.map((part) => heightOf(requestsOf(part))))} />
      <path className="spark-hits" d={path(parts.map(({ HIT, STALE }) => heightOf(HIT + STALE)))} />
    </svg>
  );
}
