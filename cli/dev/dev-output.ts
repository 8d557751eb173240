import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';
import { routesText } from '../check/check-text.ts';
import type { RouteRow } from '../check/route-table.ts';
import type { DevRecord } from './dev-record.ts';
import type { ExampleCurl } from './example-curl.ts';
import { requestLine } from './request-line.ts';

export interface ReadyFacts {
  readonly url: string;
  readonly consoleUrl: string;
  readonly routes: readonly RouteRow[];
  readonly curl: ExampleCurl;
  /** A command line for each hook, which signs a delivery. */
  readonly hooks: readonly string[];
  /** Files and folders that are watched, from the service's folder. */
  readonly watched: readonly string[];
  readonly tookMs: number;
  /** A service before this one has been answering. */
  readonly isAgain: boolean;
}

/** How `claimcache dev` speaks: lines for people, or with `--json` one document a line on stdout. */
export interface DevOutput {
  /** What is being done, or has to be known. */
  tell(text: string): void;
  ready(facts: ReadyFacts): void;
  request(record: DevRecord): void;
  /** What the service or the local server prints by itself. */
  printed(line: string): void;
  failed(error: unknown, isServed: boolean): void;
}

export function createDevOutput(world: World, isJson: boolean): DevOutput {
  return isJson ? jsonOutput(world) : textOutput(world);
}

function textOutput({ out, err, colors }: World): DevOutput {
  let shownCurl = '';
  return {
    tell: (text) => err(`${colors.dim(text)}\n`),
    ready(facts) {
      const isNewCurl = facts.curl.command !== shownCurl;
      shownCurl = facts.curl.command;
      out(facts.isAgain ? againText(facts, isNewCurl, colors) : readyText(facts, colors));
    },
    request: (record) => out(`${requestLine(record, colors)}\n`),
    printed: (line) => out(`${line}\n`),
    failed(error, isServed) {
      const { message, fix } = whatOf(error);
      const rest = isServed
        ? 'The service before it goes on answering.'
        : 'Nobody answers until it is corrected.';
      err(`${colors.red('error')}: ${message}\n  ${fix}\n  ${rest}\n`);
    },
  };
}

function readyText(
  { url, consoleUrl, routes, curl, hooks, watched, tookMs }: ReadyFacts,
  colors: World['colors'],
): string {
  return `
${routesText(routes, colors)}
  the service   ${colors.bold(url)}   (ready after ${seconds(tookMs)})
  the console   ${consoleUrl}

${curlText(curl, colors)}${hooks.map((command) => `\n  ${command}\n  ${colors.dim('Purges, signed with the local secret.')}\n`).join('')}
Each request that claimcache answers is a line here. A change in ${anyOf.format([...watched, 'a local secret'])} starts it again; Ctrl-C ends all.

`;
}

function curlText({ command, says }: ExampleCurl, colors: World['colors']): string {
  return `  ${command}\n  ${colors.dim(says)}\n`;
}

function againText(
  { routes, curl, tookMs }: ReadyFacts,
  isNewCurl: boolean,
  colors: World['colors'],
): string {
  return `
${routesText(routes, colors)}${isNewCurl ? `\n${curlText(curl, colors)}` : ''}
${colors.green('The new service answers')}, after ${seconds(tookMs)}. Its cache is empty.

`;
}

const anyOf = new Intl.ListFormat('en', { type: 'disjunction' });

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function jsonOutput({ out }: World): DevOutput {
  const write = (event: string, data: object) => out(`${JSON.stringify({ event, ...data })}\n`);
  return {
    tell: (text) => write('note', { text }),
    ready: ({ curl, ...facts }) => write('ready', { ...facts, curl: curl.command }),
    request: (record) => write('request', record),
    printed: (line) => write('printed', { line }),
    failed: (error, isServed) => write('failed', { ...whatOf(error), isServed }),
  };
}

function whatOf(error: unknown): { code: string; message: string; fix: string } {
  if (error instanceof CliError) return { code: error.code, message: error.message, fix: error.fix };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'CLI_FAILED', message, fix: 'It is tried again when a file has changed.' };
}
