import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CliError } from '../base/cli-error.ts';
import { policyFileOf } from '../base/project.ts';
import { recordRunning } from '../base/running-service.ts';
import { refusal, serviceAsker } from '../console/ask-service.ts';
import { type RunningConsole, startConsole } from '../console/console-server.ts';
import { ensurePage } from '../console/ensure-page.ts';
import { localSwitches } from '../console/local-switches.ts';
import { bringUp, type Service } from './bring-up.ts';
import { createDevOutput, type DevOutput } from './dev-output.ts';
import type { DevSettings } from './dev-settings.ts';
import { startFront } from './front.ts';
import { isPortFree } from './local-server/ports.ts';
import { watchFiles } from './watch-files.ts';

export interface DevSession {
  readonly url: string;
  readonly consoleUrl: string;
  /** Builds, starts, and follows the files; `onReady` once, when the first service answers. Resolves with the signal. */
  run(signal: AbortSignal, onReady?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Takes the ports, before anything is built.
 *
 * @throws {CliError} CLI_CONFIG where one is taken.
 */
export async function openDev(settings: DevSettings): Promise<DevSession> {
  const { world, port, consolePort, isJson, portFlags } = settings;
  const others = [port, consolePort];
  const front = await taking(port, 'the service', portFlags.port, others, () => startFront(port));
  const url = `http://127.0.0.1:${front.port}`;
  let operatorToken: string | null = null;
  let configFile: string | null = null;
  let running: RunningConsole;
  try {
    running = await taking(consolePort, 'the console', portFlags.consolePort, others, async () => {
      // The page may have to be built: a port that is taken is told before that.
      if (consolePort !== 0 && !(await isPortFree(consolePort))) throw new PortTaken();
      return startConsole({
        port: consolePort,
        folder: await ensurePage(),
        askService: async (task, body) =>
          operatorToken === null
            ? refusal(503, 'no operator_token is in [local_server] of fastly.toml')
            : serviceAsker(world.fetch, url, operatorToken)(task, body),
        writeSwitch: async (order) =>
          configFile === null
            ? refusal(503, 'the Config Store of fastly.toml stands in no JSON file')
            : localSwitches(configFile)(order),
      });
    });
  } catch (error) {
    await front.stop();
    throw error;
  }
  const output = createDevOutput(world, isJson);
  const services = new Set<Service>();
  let isServed = false;
  let forget = () => {};
  const use = (next: Service) => {
    const before = [...services];
    services.add(next);
    ({ operatorToken, configFile } = next);
    running.know({ routes: next.patterns, home: new URL(settings.homePath, url).href });
    isServed = true;
    forget = recordRunning(settings.folder, url);
    const drained = front.use(next.port);
    // An answer under way may take its time; nobody waits for it but who asked.
    for (const old of before) {
      void drained.then(async () => {
        await old.stop();
        services.delete(old);
      });
    }
  };
  return {
    url,
    consoleUrl: running.url,
    run: (signal, onReady) =>
      follow({ settings, output, running, url, use, isServed: () => isServed }, signal, onReady),
    async stop() {
      forget();
      await Promise.all([front.stop(), running.stop(), ...[...services].map((service) => service.stop())]);
    },
  };
}

interface Followed {
  readonly settings: DevSettings;
  readonly output: DevOutput;
  readonly running: RunningConsole;
  readonly url: string;
  readonly use: (next: Service) => void;
  readonly isServed: () => boolean;
}

async function follow(followed: Followed, signal: AbortSignal, onReady?: () => Promise<void>): Promise<void> {
  const { settings, output, running, url, use, isServed } = followed;
  const { folder } = settings;
  const manifest = path.join(folder, 'fastly.toml');
  const sources = sourcesOf(folder);
  const places = [...sources, manifest];
  const shownPlaces = places.map((place) => path.relative(folder, place));
  const watched = watchFiles(places);
  let isBuilt = false;
  let change = watched.next(signal);
  let isFirst = true;
  while (!signal.aborted) {
    const attempt = new AbortController();
    const work = (async () => {
      try {
        const startedMs = performance.now();
        const next = await bringUp(
          {
            settings,
            output,
            read: running.read,
            url,
            manifest,
            mustBuild: !isBuilt,
            accept: watched.accept,
          },
          AbortSignal.any([signal, attempt.signal]),
        );
        isBuilt = true;
        use(next);
        const { routes, curl, hooks } = next;
        const tookMs = performance.now() - startedMs;
        const facts = { url, consoleUrl: running.url, routes, curl, hooks, watched: shownPlaces, tookMs };
        output.ready({ ...facts, isAgain: !isFirst });
        if (isFirst) await onReady?.();
        isFirst = false;
      } catch (error) {
        if (signal.aborted || attempt.signal.aborted) return;
        // Somebody who starts it waits for an answer; afterwards the one before it answers.
        if (!isServed()) throw error;
        output.failed(error, true);
      }
    })();
    const first = await Promise.race([work.then(() => 'done' as const), change]);
    if (first !== 'done') attempt.abort();
    await work;
    const files = await change;
    if (files === null) return;
    output.tell(`Changed: ${files.map((file) => path.relative(folder, file)).join(', ')}`);
    if (files.some((file) => isOf(sources, file))) isBuilt = false;
    change = watched.next(signal);
  }
}

/** Where webpack looks for its configuration: a file, or a folder that has it. */
const WEBPACK_CONFIG = /^(?:webpack\.config\.\w+|\.webpack)$/;

/** What is built: the folder of the policy, which has the handlers; never what a build writes. */
function sourcesOf(folder: string): string[] {
  const policy = path.join(folder, policyFileOf(folder));
  const sources = path.dirname(policy);
  const configs = readdirSync(folder)
    .filter((name) => WEBPACK_CONFIG.test(name))
    .map((name) => path.join(folder, name));
  return [sources === folder ? policy : sources, ...configs];
}

function isOf(places: readonly string[], file: string): boolean {
  return places.some((place) => file === place || file.startsWith(`${place}${path.sep}`));
}

class PortTaken extends Error {
  readonly code = 'EADDRINUSE';
}

/** `others`: ports that are no good to suggest, because this command asks for them itself. */
async function taking<T>(
  port: number,
  whose: string,
  flag: string,
  others: readonly number[],
  start: () => Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw cause;
    throw new CliError(
      'CLI_CONFIG',
      code === 'EACCES'
        ? `Port ${port} for ${whose} needs more rights.`
        : `Port ${port} for ${whose} is taken.`,
      `Choose another: ${flag.replace('%', String(await freeNear(port, others)))}`,
      { cause },
    );
  }
}

/** A free port: above the one that is taken, or any (0). One below 1024 needs rights that are missing. */
async function freeNear(port: number, others: readonly number[]): Promise<number> {
  const first = Math.max(port, 1024) + 1;
  for (let next = first; next < first + 20 && next <= 65_535; next++) {
    if (!others.includes(next) && (await isPortFree(next))) return next;
  }
  return 0;
}
