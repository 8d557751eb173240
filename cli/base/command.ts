import type { ExitCode } from './exit-codes.ts';
import type { World } from './world.ts';

/** What every action is given beside its own arguments. */
export interface Call {
  readonly world: World;
  /** Ends the command with this status; without it the status is 0. */
  exit(code: ExitCode): void;
}

/** Writes a result: one JSON document with `--json`, else the text. */
export function present(
  world: World,
  asJson: boolean | undefined,
  result: unknown,
  text: () => string,
): void {
  world.out(asJson ? `${JSON.stringify(result, null, 2)}\n` : text());
}
