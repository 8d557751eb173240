import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** File for the figures. */
  readonly json: string | null;
  /** A run that only shows that everything works: its figures are worth little. */
  readonly quick: boolean;
  /** The largest size that the command knows, even where it takes long. */
  readonly full: boolean;
  /** Instead of the command's own number, for a machine that cannot keep up with it. */
  readonly users: number | null;
  /** Replaces the budgets by what was measured. */
  readonly write: boolean;
}

/** What stands behind `npm run bench:… --`. */
export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      users: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const { json, quick, full, users, write } = values;
  return { json: json ?? null, quick, full, users: users === undefined ? null : Number(users), write };
}
