import { printable } from './printable.ts';
import type { World } from './world.ts';

const WIDTH = 28;
/** Who waits off a terminal hears at least so often that something is done. */
const SILENCE_MS = 10_000;

export interface Progress {
  /** `note` stands behind the bar. */
  show(done: number, note?: string): void;
  end(): void;
}

export interface ProgressOptions {
  /** Off a terminal each step is a line; else there is one where nothing was said for ten seconds. */
  readonly isEachTold?: boolean;
  /** What has been done within a step. */
  readonly within?: () => string;
}

/** A bar on a terminal's stderr, lines anywhere else. */
export function startProgress(
  world: World,
  label: string,
  total: number,
  options: ProgressOptions = {},
): Progress {
  if (total <= 0) return { show() {}, end() {} };
  if (!world.isErrTty) return startLines(world, label, total, options);
  return {
    show(done, note = '') {
      // A log may grow while it is read.
      const filled = Math.min(WIDTH, Math.round((done / total) * WIDTH));
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      world.err(`\r\x1b[2K${label} ${bar} ${done}/${total}${note === '' ? '' : `  ${note}`}`);
    },
    end: () => world.err('\r\x1b[2K'),
  };
}

function startLines(
  world: World,
  label: string,
  total: number,
  { isEachTold = false, within }: ProgressOptions,
): Progress {
  let current = `0/${total}`;
  let saidMs = world.nowMs();
  const say = () => {
    saidMs = world.nowMs();
    world.err(`${label}: ${current}${within === undefined ? '' : `, ${within()}`}\n`);
  };
  const isDue = () => world.nowMs() - saidMs >= SILENCE_MS;
  const timer = setInterval(() => isDue() && say(), SILENCE_MS / 10);
  timer.unref();
  return {
    show(done, note = '') {
      current = `${done}/${total}${note === '' ? '' : ` ${printable(note)}`}`;
      if (isEachTold || isDue()) say();
    },
    end: () => clearInterval(timer),
  };
}
