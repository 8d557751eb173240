import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateEnvIn } from './certificates.ts';
import { fastlyCli } from './fastly-cli.ts';
import { freePort } from './ports.ts';
import { endGroup, signalGroup } from './processes.ts';
import { isRecentViceroy, viceroyVersion } from './viceroy-version.ts';

const TIMEOUT_MS = 90_000;
/** The smallest module there is: the CLI wants one before it fetches Viceroy to run it. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** What the fastly CLI has downloaded, now or earlier; null where it cannot, as without a network, or is not there. */
export async function downloadWithCli(project: string, tell: (text: string) => void): Promise<string | null> {
  const installed = installedByCli();
  const version = viceroyVersion(installed);
  if (isRecentViceroy(version)) return installed;
  const command = await fastlyCli(project);
  if (command === null) return null;
  tell('Viceroy is not here: asking the fastly CLI to download it.');
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-viceroy-'));
  try {
    writeFileSync(path.join(folder, 'main.wasm'), EMPTY_WASM);
    writeFileSync(
      path.join(folder, 'fastly.toml'),
      'manifest_version = 3\nname = "none"\nlanguage = "other"\n',
    );
    await serveUntilInstalled(command, folder, version !== null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return isRecentViceroy(viceroyVersion(installed)) ? installed : null;
}

async function serveUntilInstalled(command: string, folder: string, isOutdated: boolean): Promise<void> {
  const address = `127.0.0.1:${await freePort()}`;
  const flags = ['--skip-build', '--non-interactive', '--file', 'main.wasm', '--addr', address];
  const child = spawn(command, ['compute', 'serve', ...flags, ...(isOutdated ? ['--viceroy-check'] : [])], {
    cwd: folder,
    env: { ...process.env, ...certificateEnvIn(folder) },
    detached: true,
    stdio: 'ignore',
  });
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  child.once('error', () => {
    ended = true;
  });
  const deadlineMs = Date.now() + TIMEOUT_MS;
  while (!ended && Date.now() < deadlineMs) {
    await sleep(500);
    if (isRecentViceroy(viceroyVersion(installedByCli()))) break;
  }
  await endGroup(child);
  process.off('exit', kill);
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
