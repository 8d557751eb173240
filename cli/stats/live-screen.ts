import type { World } from '../base/world.ts';
import type { LogNews } from '../log/live-window.ts';
import { hitRatioOf, partsOf } from '../log/sums.ts';
import type { StatsReport } from './stats-report.ts';
import { statsText } from './stats-text.ts';

const BARS = ' ▁▂▃▄▅▆▇█';
const MAX_ROUTES = 12;

/** Draws over what it drew before, from the top of the screen, without flicker. */
export function drawScreen(world: World, report: StatsReport, news: LogNews): void {
  const { colors, columns } = world;
  const text = statsText(report, { colors, width: columns, maxRoutes: MAX_ROUTES });
  const minutes = `hit ratio, the last ten minutes  ${sparkline(news, Math.min(60, columns - 36))}`;
  const lines = [...text.split('\n'), minutes, colors.dim('Ctrl-C ends it')];
  world.out(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J`);
}

export function clearScreen(world: World): void {
  world.out('\x1b[2J\x1b[H');
}

/** One character for each stretch of ten minutes: how much of what a cache was asked for came from there. */
export function sparkline({ slots, endMs }: Pick<LogNews, 'slots' | 'endMs'>, width: number): string {
  return partsOf(slots, endMs, 10, Math.max(1, width))
    .map((part) => {
      const ratio = hitRatioOf(part);
      // A stretch without a request is no ratio of 0.
      return BARS[ratio === null ? 0 : 1 + Math.round(ratio * (BARS.length - 2))];
    })
    .join('');
}
