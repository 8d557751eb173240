import type { World } from './world.ts';

const WIDTH = 28;

export interface Progress {
  /** `note` stands behind the bar. */
  show(done: number, note?: string): void;
  end(): void;
}

/** A bar on a terminal's stderr; silent anywhere else. */
export function startProgress(world: World, label: string, total: number): Progress {
  if (!world.isErrTty || total <= 0) return { show() {}, end() {} };
  return {
    show(done, note = '') {
      const filled = Math.round((done / total) * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      world.err(`\r\x1b[2K${label} ${bar} ${done}/${total}${note === '' ? '' : `  ${note}`}`);
    },
    end: () => world.err('\r\x1b[2K'),
  };
}
