import { once } from 'node:events';
import { Command } from 'commander';
import { CliError } from '../base/cli-error.ts';
import type { Call } from '../base/command.ts';
import { loadPolicyIfAny } from '../base/load-policy.ts';
import { LOCAL_DEFAULT, operatorEndpoint } from '../base/operator.ts';
import type { World } from '../base/world.ts';
import { routePatterns } from '../check/route-table.ts';
import { checkLog } from '../log/check-log.ts';
import { followFile } from '../log/follow-file.ts';
import { readStreamLines } from '../log/read-stream.ts';
import { type AskService, serviceAsker } from './ask-service.ts';
import { type ConsoleOptions, type RunningConsole, startConsole } from './console-server.ts';
import { ensurePage } from './ensure-page.ts';
import { fastlySwitches } from './fastly-switches.ts';

interface ConsoleCommandOptions {
  readonly file?: string;
  readonly port: string;
  readonly local?: string | true;
  readonly policy?: string;
  readonly configStore?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Reads the service's log, one JSON line per request, from a file that grows or from the standard input:
  claimcache console --file /var/log/edge.log
  fastly log-tail | claimcache console          (a policy with logEndpoint: 'stdout')
  ssh logs.example.com tail -F edge.log | claimcache console --local https://www.example.com

--local names the service that "Purge" and "Explain" ask, with CLAIMCACHE_OPERATOR_TOKEN; --config-store the one that "Switches" writes,
with FASTLY_API_TOKEN: without it the page shows the commands. No token ever reaches the page.`;

/**
 * `claimcache console`: what the edge does, live, in a browser on this machine.
 *
 * @remarks
 * - It listens on 127.0.0.1 alone, and requires the key in the printed address. Tokens stay in the command. It contacts other machines only for purges, explanations and switches.
 * - `origin load`: requests that are at the origin at the same time, on average. `fingerprint`: six characters of the log's `fingerprint`, which
 *   separate people without naming them; `–`: no scope, or no `fingerprint_key`. `money saved`: from prices and sizes that you enter and that
 *   stay in your browser, without the price of the edge. The other numbers are those of `claimcache stats`.
 * - It keeps an hour, the last 10,000 requests, 200 pairs of route and lane, and 100 causes. Above 1,000 requests a second the rest is counted and not listed.
 */
export function consoleCommand({ world }: Call): Command {
  return new Command('console')
    .description('Show live, in a browser, what the log of a service tells.')
    .option('--file <path>', 'the log; without it the standard input is read')
    .option('--port <number>', 'of 127.0.0.1', '7677')
    .option('--local [url]', `the service to purge and to explain (${LOCAL_DEFAULT})`)
    .option(
      '--policy <file>',
      "for the routes' patterns; default: src/policy.ts of the service, if there is one",
    )
    .option('--config-store <id>', 'the Config Store in which switches are set, through Fastly\u2019s API')
    .option('--json', 'print the address as JSON')
    .addHelpText('after', EXAMPLES)
    .action((options: ConsoleCommandOptions) => run(world, options));
}

async function run(world: World, options: ConsoleCommandOptions): Promise<void> {
  const { file, port, local, json } = options;
  if (file === undefined && world.isInTty) {
    throw new CliError('CLI_USAGE', 'There is no log to read.', 'Name one with --file, or pipe one in.');
  }
  const log = file === undefined ? null : checkLog(file, world.cwd);
  const { askService, service } = asker(world, local);
  const writeSwitch = options.configStore === undefined ? null : fastlySwitches(world, options.configStore);
  // A folder without a policy is as good as any: then routes have names and no patterns.
  const policy = await loadPolicyIfAny(options.policy, { ...world, err: () => {} });
  const running = await listen({ port: portNumber(port), askService, writeSwitch });
  const routes = policy === null ? {} : routePatterns(policy);
  running.know({ routes, home: service === null ? null : `${service}/` });
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

interface Asked {
  readonly askService: AskService | null;
  readonly service: string | null;
}

/** Without a token the console shows, and does nothing. */
function asker(world: World, local: string | true | undefined): Asked {
  try {
    const { origin, token } = operatorEndpoint(world, local ?? true);
    if (token === null) return { askService: null, service: null };
    return { askService: serviceAsker(world.fetch, origin, token), service: origin };
  } catch (error) {
    if (local === undefined && error instanceof CliError) return { askService: null, service: null };
    throw error;
  }
}

async function listen(options: Omit<ConsoleOptions, 'folder'>): Promise<RunningConsole> {
  const folder = await ensurePage();
  try {
    return await startConsole({ ...options, folder });
  } catch (cause) {
    throw new CliError('CLI_CONFIG', `Port ${options.port} is taken.`, 'Choose another: --port 7678.', {
      cause,
    });
  }
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CliError('CLI_USAGE', `${text} is no port.`, 'A number from 0 (any free one) to 65535.');
}
