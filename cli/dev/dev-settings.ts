import type { World } from '../base/world.ts';

/** What `claimcache dev` was asked for. */
export interface DevSettings {
  readonly world: World;
  /** Of the service: where fastly.toml is. */
  readonly folder: string;
  /** Where the application runs; null: where fastly.toml says. */
  readonly origin: string | null;
  /** Of 127.0.0.1; 0: any free one. */
  readonly port: number;
  readonly consolePort: number;
  readonly isJson: boolean;
  /** The path that the console leads back to. */
  readonly homePath: string;
  /** How to choose other ports, in messages: `--port`. */
  readonly portFlags: { readonly port: string; readonly consolePort: string };
}
