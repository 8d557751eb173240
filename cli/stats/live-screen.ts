import type { World } from '../base/world.ts';
import type { Snapshot } from '../log/snapshot.ts';
import type { StatsReport } from './stats-report.ts';
import { statsText } from './stats-text.ts';

const BARS = ' ▁▂▃▄▅▆▇█';
const MAX_ROUTES = 12;

/** Draws over what it drew before, from the top of the screen, without flicker. */
export function drawScreen(world: World, report: StatsReport, snapshot: Snapshot): void {
  const { colors, columns } = world;
  const text = statsText(report, { colors, width: columns, maxRoutes: MAX_ROUTES });
  const minutes = `hit ratio, the last ten minutes  ${sparkline(snapshot, Math.min(60, columns - 36))}`;
  const lines = [...text.split('\n'), minutes, colors.dim('Ctrl-C ends it')];
  world.out(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\n')}\x1b[J`);
}

export function clearScreen(world: World): void {
  world.out('\x1b[2J\x1b[H');
}

/** One character for each stretch of the window: how much of what a cache was asked for came from there. */
export function sparkline({ buckets }: Pick<Snapshot, 'buckets'>, width: number): string {
  const perBar = Math.max(1, Math.ceil(buckets.length / Math.max(1, width)));
  let line = '';
  for (let i = 0; i < buckets.length; i += perBar) {
    const part = buckets.slice(i, i + perBar);
    const sum = (of: 'served' | 'asked') => part.reduce((total, bucket) => total + bucket[of], 0);
    // A stretch without a request is no ratio of 0.
    const bar = sum('asked') === 0 ? 0 : 1 + Math.round((sum('served') / sum('asked')) * (BARS.length - 2));
    line += BARS[bar];
  }
  return line;
}
