import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../base/cli-error.ts';
import type { Call } from '../base/command.ts';
import { policyFileOf, projectFolder } from '../base/project.ts';
import type { World } from '../base/world.ts';
import { openDev } from './dev-session.ts';
import { originUrl } from './origin-url.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface DevOptions {
  readonly origin?: string;
  readonly port: number;
  readonly consolePort: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Builds the service, gets Viceroy (Fastly's local server), and starts both with what [local_server] of fastly.toml says. What the policy
needs and fastly.toml does not have is added to it; what is there is believed. Everything in the policy's folder, fastly.toml and
the webpack configuration are watched, and the local secrets: the service that answers goes on until the new one does.

Examples:
  claimcache dev
  claimcache dev --origin http://localhost:3000 --port 8080
  claimcache dev --json | jq 'select(.event == "request")'`;

/**
 * `claimcache dev`: the service on this machine, built again when its files change.
 *
 * @remarks
 * - It runs `[scripts] build` of fastly.toml, adds the local readthrough cache to `bin/main.wasm`, and starts Viceroy with a copy of `[local_server]`: docs/how-to/local-cache.md
 * - A change in the folder of the policy or of the webpack configuration builds the service again. The old service answers until then, and stays if the build fails. The new one has an empty cache.
 * - A change of fastly.toml or of a local secret starts Viceroy again without a build.
 * - Missing backends and stores are added to fastly.toml, as `claimcache check --fix` does.
 * - From a change to the new service it takes some 10 s on an idle machine with two cores; half of that is Viceroy, which compiles 16 MB of WebAssembly.
 * - A kept-alive connection moves to the new service after half a second without a request, at the latest after 20 s.
 * - Its files are in `dev/` beside the local secrets. `--local` of other commands finds the service by `running.json` there.
 * - Only here the log has the path of a request: `dev` gives the local server a Config Store that asks for it, and only the local readthrough cache reads that.
 * - Requests that your own code answers have no line.
 */
export function devCommand({ world }: Call): Command {
  return new Command('dev')
    .description('Run the service on this machine, and build it again when its files change.')
    .option(
      '--origin <url>',
      'where your application runs: the `url` of the origin that takes what no other does; default: what fastly.toml says',
      originUrl,
    )
    .option(
      '--port <number>',
      'of 127.0.0.1; 0: any free one. A port in use is reported before the build.',
      port,
      7676,
    )
    .option('--console-port <number>', 'of 127.0.0.1; 0: any free one.', port, 7677)
    .option('--json', 'print one JSON document a line: ready, request, failed, note, printed')
    .addHelpText('after', EXAMPLES)
    .action((options: DevOptions) => run(world, options));
}

async function run(world: World, options: DevOptions): Promise<void> {
  const folder = projectFolder(world.cwd);
  if (!existsSync(path.join(folder, policyFileOf(folder)))) {
    throw new CliError(
      'CLI_CONFIG',
      `There is no service here: ${policyFileOf(folder)} is missing.`,
      'Make one with `claimcache init`, or go to its folder.',
    );
  }
  const end = new AbortController();
  const stop = () => end.abort();
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const session = await openDev({
      world,
      folder,
      origin: options.origin ?? null,
      port: options.port,
      consolePort: options.consolePort,
      isJson: options.json ?? false,
      homePath: '/',
      portFlags: { port: '--port %', consolePort: '--console-port %' },
    });
    try {
      await session.run(end.signal);
    } finally {
      await session.stop();
    }
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A number from 0 (any free one) to 65535.');
}
