import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TomlTable } from 'smol-toml';
import { CliError } from '../base/cli-error.ts';
import { tableOf } from '../base/local-stores.ts';
import { linkWhenChanged } from '../local-cache/cached-link.ts';
import { runTool } from './run-tool.ts';

const BUILT = 'bin/main.wasm';
/** Of a build that fails: what is wrong stands at its end, or at the beginning of what webpack says. */
const SHOWN_LINES = 40;

export interface BuiltService {
  /** With the local readthrough cache in it. */
  readonly wasm: string;
  /** What else is to be known. */
  readonly note: string | null;
}

/**
 * Builds a service as `fastly compute build` does, by `[scripts] build` of fastly.toml, and adds the local readthrough cache.
 *
 * @param cache - A folder for what is made here.
 * @param mustBuild - false: what was built last is of these sources.
 * @throws {CliError} CLI_FAILED with what the build said.
 */
export async function buildService(
  folder: string,
  manifest: TomlTable | null,
  cache: string,
  mustBuild: boolean,
  signal: AbortSignal,
): Promise<BuiltService> {
  if (mustBuild) await build(folder, manifest, signal);
  mkdirSync(cache, { recursive: true });
  const wasm = path.join(cache, 'service.wasm');
  const built = path.join(folder, BUILT);
  const failure = await linkWhenChanged(built, wasm);
  signal.throwIfAborted();
  if (failure === null) return { wasm, note: null };
  // Built without --enable-http-cache: then it is on CoreCache in production, too.
  copyFileSync(built, wasm);
  return {
    wasm,
    note: `${BUILT} does not ask for the HTTP cache (${failure}): it runs on CoreCache, and paths are not shown. Build with --enable-http-cache.`,
  };
}

async function build(folder: string, manifest: TomlTable | null, signal: AbortSignal): Promise<void> {
  const written = tableOf(manifest?.scripts)?.build;
  const command = typeof written === 'string' && written !== '' ? written : 'npm run build';
  const { isOk, output } = await runTool(command, { cwd: folder }, signal);
  if (!isOk) {
    const lines = output.trim().split('\n');
    throw new CliError(
      'CLI_FAILED',
      `The service does not build (${command}):\n${lines.slice(-SHOWN_LINES).join('\n')}`,
      'Correct what stands above; the build starts again when a file has changed.',
    );
  }
  if (existsSync(path.join(folder, BUILT))) return;
  throw new CliError(
    'CLI_CONFIG',
    `${command} has made no ${BUILT}.`,
    `[scripts] build of fastly.toml has to write ${BUILT}: js-compute-runtime --enable-http-cache bin/index.js ${BUILT}`,
  );
}
