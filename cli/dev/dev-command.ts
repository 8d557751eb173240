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

/** `claimcache dev`: the service on this machine, built again when its files change. */
export function devCommand({ world }: Call): Command {
  return new Command('dev')
    .description('Run the service on this machine, and build it again when its files change.')
    .option('--origin <url>', 'where your application runs; default: what fastly.toml says', originUrl)
    .option('--port <number>', 'of 127.0.0.1', port, 7676)
    .option('--console-port <number>', 'of 127.0.0.1', port, 7677)
    .option('--json', 'print one JSON document a line: ready, request, failed, note')
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
