import { once } from 'node:events';
import { Command } from 'commander';
import { CliError } from '../base/cli-error.ts';
import type { Call } from '../base/command.ts';
import { LOCAL_DEFAULT, operatorEndpoint } from '../base/operator.ts';
import type { World } from '../base/world.ts';
import { checkLog } from '../log/check-log.ts';
import { followFile } from '../log/follow-file.ts';
import { readStreamLines } from '../log/read-stream.ts';
import { type AskService, serviceAsker } from './ask-service.ts';
import { type RunningConsole, startConsole } from './console-server.ts';
import { ensurePage } from './ensure-page.ts';

interface ConsoleCommandOptions {
  readonly file?: string;
  readonly port: string;
  readonly local?: string | true;
  readonly json?: boolean;
}

const EXAMPLES = `
Reads the service's log, one JSON line per request, from a file that grows or from the standard input:
  claimcache console --file /var/log/edge.log
  fastly log-tail | claimcache console          (a policy with logEndpoint: 'stdout')
  ssh logs.example.com tail -F edge.log | claimcache console --local https://www.example.com

--local names the service that "Purge" and "Explain" ask, with CLAIMCACHE_OPERATOR_TOKEN. The token never reaches the page.`;

/** `claimcache console`: what the edge does, live, in a browser on this machine. */
export function consoleCommand({ world }: Call): Command {
  return new Command('console')
    .description('Show live, in a browser, what the log of a service tells.')
    .option('--file <path>', 'the log; without it the standard input is read')
    .option('--port <number>', 'of 127.0.0.1', '7677')
    .option('--local [url]', `the service to purge and to explain (${LOCAL_DEFAULT})`)
    .option('--json', 'print the address as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: ConsoleCommandOptions) => run(world, options));
}

async function run(world: World, { file, port, local, json }: ConsoleCommandOptions): Promise<void> {
  if (file === undefined && world.isInTty) {
    throw new CliError('CLI_USAGE', 'There is no log to read.', 'Name one with --file, or pipe one in.');
  }
  const log = file === undefined ? null : checkLog(file, world.cwd);
  const running = await listen(portNumber(port), asker(world, local));
  const end = new AbortController();
  process.once('SIGINT', () => end.abort()).once('SIGTERM', () => end.abort());
  if (json) world.out(`${JSON.stringify({ ok: true, url: running.url })}\n`);
  else world.err(`The console: ${running.url}\n(Ctrl-C ends it)\n`);
  try {
    if (log !== null) await followFile(log, running.read, end.signal);
    else await readStream(world, running, end.signal);
  } finally {
    await running.stop();
  }
}

/** A stream that has ended leaves its last state on the page, until the command is ended, too. */
async function readStream(
  { stdin }: World,
  { read, end }: RunningConsole,
  signal: AbortSignal,
): Promise<void> {
  await readStreamLines(stdin, read, signal);
  end();
  if (!signal.aborted) await once(signal, 'abort');
}

/** Without a token the console shows, and does nothing. */
function asker(world: World, local: string | true | undefined): AskService | null {
  try {
    const { origin, token } = operatorEndpoint(world, local ?? true);
    return token === null ? null : serviceAsker(world.fetch, origin, token);
  } catch (error) {
    if (local === undefined && error instanceof CliError) return null;
    throw error;
  }
}

async function listen(port: number, askService: AskService | null): Promise<RunningConsole> {
  const folder = await ensurePage();
  try {
    return await startConsole({ port, folder, askService });
  } catch (cause) {
    throw new CliError('CLI_CONFIG', `Port ${port} is taken.`, 'Choose another: --port 7678.', { cause });
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CliError('CLI_USAGE', `${text} is no port.`, 'A number from 0 (any free one) to 65535.');
}
