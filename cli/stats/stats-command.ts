import { statSync } from 'node:fs';
import { Command } from 'commander';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { EXIT } from '../base/exit-codes.ts';
import { startProgress } from '../base/progress.ts';
import type { World } from '../base/world.ts';
import { writeOutput } from '../base/write-file.ts';
import { checkLog } from '../log/check-log.ts';
import { followFile, readFileLines } from '../log/follow-file.ts';
import { createLiveWindow } from '../log/live-window.ts';
import { readStreamLines } from '../log/read-stream.ts';
import { clearScreen, drawScreen } from './live-screen.ts';
import { statsHtml } from './stats-html.ts';
import { statsText } from './stats-text.ts';
import { createTally, type Tally } from './tally.ts';

interface StatsOptions {
  readonly follow?: boolean;
  readonly interval: string;
  readonly json?: boolean;
  readonly html?: string;
}

const EXAMPLES = `
Reads the service's log: one JSON line per request, with or without a prefix; and what npm start (claimcache dev) prints, with --json or without.
Other lines are counted and left out.
  claimcache stats edge.log                        the numbers of a file
  zcat edge.*.gz | claimcache stats --json         of many, as JSON
  claimcache stats --follow edge.log               live, as it grows, over log rotation
  npm start | tee dev.log                          and then: claimcache stats dev.log
  fastly log-tail | claimcache stats --follow      live, of a service whose logEndpoint is "stdout"

Ratios count visitors' requests alone, not the operator's.`;

/**
 * `claimcache stats`: what a log says, in numbers.
 *
 * @remarks
 * - Lines may have a prefix. Other lines are counted and left out. Exit status 1: no line is one of the service's.
 * - `fastly log-tail` needs `logEndpoint: 'stdout'`.
 * - Memory is constant: 200 pairs of route and lane, 100 codes; the rest is counted together. A million lines take 48 MiB of heap in the test.
 * - What `npm start` prints has no route: each path counts as one.
 */
export function statsCommand(call: Call): Command {
  return new Command('stats')
    .description('Hit ratio, origin offload, latency and refusals of a log, per route and lane.')
    .argument('[file...]', 'the log; without it the standard input is read')
    .option('--follow', 'show it live, until Ctrl-C or the end of the input')
    .option('--interval <seconds>', 'between two views of --follow', '2')
    .option('--json', 'print JSON; with --follow one line in each interval')
    .option('--html <file>', 'write the report as one HTML file, to be mailed')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], options: StatsOptions) => run(call, files, options));
}

async function run(call: Call, files: readonly string[], options: StatsOptions): Promise<void> {
  const { world } = call;
  const read = source(world, files, options.follow === true);
  const intervalMs = seconds(options.interval) * 1000;
  const tally = createTally(world.nowMs);
  const end = new AbortController();
  const stop = () => end.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    if (options.follow) await follow(world, tally, options, read, intervalMs, end.signal);
    else await read((line) => void tally.read(line), end.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
  const report = tally.report();
  const isStream = options.follow === true && options.json === true;
  if (isStream) world.out(`${JSON.stringify(report)}\n`);
  else
    present(world, options.json, report, () => statsText(report, { ...world, width: null, maxRoutes: 50 }));
  if (options.html !== undefined) writeOutput(world, options.html, statsHtml(report));
  if (end.signal.aborted && !options.follow) call.exit(EXIT.interrupted);
  else if (report.lines.read > 0 && report.lines.foreign === report.lines.read) {
    world.err(
      "None of these lines is one of a claimcache service's log, nor of what `claimcache dev` prints for a request. Is it the file of the log endpoint (docs/reference/logs.md), and has there been a request?\n",
    );
    call.exit(EXIT.failed);
  }
}

type Read = (onLine: (line: string) => void, signal: AbortSignal) => Promise<void>;

/** @throws {CliError} CLI_USAGE, CLI_INPUT. */
function source(world: World, names: readonly string[], follow: boolean): Read {
  if (names.length === 0) {
    if (world.isInTty) {
      throw new CliError('CLI_USAGE', 'There is no log to read.', 'Name a file, or pipe a log in.');
    }
    return (onLine, signal) => readStreamLines(world.stdin, onLine, signal);
  }
  const files = names.map((name) => checkLog(name, world.cwd));
  return async (onLine, signal) => {
    if (follow) await Promise.all(files.map((file) => followFile(file, onLine, signal)));
    else await readWhole(world, files, onLine, signal);
  };
}

const MB = 1_000_000;

/** Reads one file after the other, and tells how far it is. */
async function readWhole(
  world: World,
  files: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const totalBytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const progress = startProgress(world, 'MB read', Math.ceil(totalBytes / MB));
  let bytes = 0;
  let shownMb = 0;
  try {
    for (const file of files) {
      await readFileLines(file, onLine, signal, (chunkBytes) => {
        bytes += chunkBytes;
        const mb = Math.floor(bytes / MB);
        if (mb === shownMb) return;
        shownMb = mb;
        progress.show(mb);
      });
    }
  } finally {
    progress.end();
  }
}

/** On a terminal a screen, elsewhere with --json a line of JSON, every interval; elsewhere else nothing before the end. */
async function follow(
  world: World,
  tally: Tally,
  { json }: StatsOptions,
  read: Read,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  const window = createLiveWindow(world.nowMs);
  const isScreen = world.isOutTty && !json;
  const show = () => {
    if (isScreen) drawScreen(world, tally.report(), window.state());
    else if (json) world.out(`${JSON.stringify(tally.report())}\n`);
  };
  if (isScreen) clearScreen(world);
  const timer = setInterval(show, intervalMs);
  try {
    await read((line) => {
      const record = tally.read(line);
      if (record !== null && isScreen) window.take(record);
    }, signal);
  } finally {
    clearInterval(timer);
    if (isScreen) clearScreen(world);
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (value >= 0.1 && value <= 3600) return value;
  throw new CliError('CLI_USAGE', `--interval ${text} is no number of seconds.`, 'From 0.1 to 3600.');
}
