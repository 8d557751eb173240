import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** File for the figures. */
  readonly json: string | null;
  /** A run that only shows that everything works: its figures are worth little. */
  readonly quick: boolean;
  /** The largest size that the command knows, even where it takes long. */
  readonly full: boolean;
  /** Replaces the budgets by what was measured. */
  readonly write: boolean;
}

/** What stands behind `npm run bench:… --`. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { json, quick, full, write } = values;
  return { json: json ?? null, quick, full, write };
}
