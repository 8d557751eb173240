import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { printable } from '../../base/printable.ts';
import { certificateEnvIn } from './certificates.ts';
import { fastlyCli } from './fastly-cli.ts';
import { freePort } from './ports.ts';
import { endGroup, signalGroup } from './processes.ts';
import { isRecentViceroy, viceroyVersion } from './viceroy-version.ts';

const TIMEOUT_MS = 90_000;
/** Of what the CLI prints: why it failed stands at the end. */
const MAX_SAID = 20_000;
/** The smallest module there is: the CLI wants one before it fetches Viceroy to run it. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** What the fastly CLI has downloaded, now or earlier; null where it cannot, as without a network, or is not there. */
export async function downloadWithCli(project: string, tell: (text: string) => void): Promise<string | null> {
  const installed = installedByCli();
  const version = viceroyVersion(installed);
  if (isRecentViceroy(version)) return installed;
  const command = await fastlyCli(project);
  if (command === null) {
    tell(
      'Viceroy is not here, and neither is the package @fastly/cli, which downloads it: npm install --save-dev @fastly/cli',
    );
    return null;
  }
  tell('Viceroy is not here: asking the fastly CLI to download it.');
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-viceroy-'));
  try {
    writeFileSync(path.join(folder, 'main.wasm'), EMPTY_WASM);
    writeFileSync(
      path.join(folder, 'fastly.toml'),
      'manifest_version = 3\nname = "none"\nlanguage = "other"\n',
    );
    const said = await serveUntilInstalled(command, folder, version !== null);
    if (isRecentViceroy(viceroyVersion(installed))) return installed;
    tell(`The fastly CLI has not downloaded it: ${whyOf(said)}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The line of an error, or the last one. Progress is written again and again, and each time is a line. */
function whyOf(said: string): string {
  const lines = stripVTControlCharacters(said)
    .split(/[\r\n]+/)
    // A proxy may be named with a password.
    .map((line) =>
      printable(line)
        .replace(/\/\/[^/\s]*@/g, '//')
        .trim(),
    )
    .filter((line) => line !== '');
  return lines.find((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? 'it has said nothing.';
}

/** Returns what the CLI has printed. */
async function serveUntilInstalled(command: string, folder: string, isOutdated: boolean): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const flags = ['--skip-build', '--non-interactive', '--file', 'main.wasm', '--addr', address];
  const child = spawn(command, ['compute', 'serve', ...flags, ...(isOutdated ? ['--viceroy-check'] : [])], {
    cwd: folder,
    env: { ...process.env, ...certificateEnvIn(folder) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const take = (text: string) => {
    said = (said + text).slice(-MAX_SAID);
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  let ended = false;
  // With its last output.
  child.once('close', () => {
    ended = true;
  });
  child.once('error', ({ message }) => {
    take(`\n${message}\n`);
    ended = true;
  });
  const deadlineMs = Date.now() + TIMEOUT_MS;
  while (!ended && Date.now() < deadlineMs) {
    await sleep(500);
    if (isRecentViceroy(viceroyVersion(installedByCli()))) break;
  }
  if (!ended) take(`\nERROR: not done after ${TIMEOUT_MS / 1000} s.\n`);
  await endGroup(child);
  process.off('exit', kill);
  return said;
}

/** In the user's configuration folder, as Go's `os.UserConfigDir` finds it. */
function installedByCli(): string {
  const { APPDATA, XDG_CONFIG_HOME } = process.env;
  if (process.platform === 'win32') return path.join(APPDATA ?? homedir(), 'fastly', 'viceroy.exe');
  const folder =
    process.platform === 'darwin'
      ? path.join(homedir(), 'Library/Application Support')
      : XDG_CONFIG_HOME || path.join(homedir(), '.config');
  return path.join(folder, 'fastly', 'viceroy');
}
