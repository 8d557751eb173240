import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadWithCli } from '../../../cli/dev/local-server/viceroy-download.ts';

// Where the CLI has its configuration is found in another way elsewhere.
describe.runIf(process.platform === 'linux')('Viceroy by the fastly CLI', () => {
  const config = process.env.XDG_CONFIG_HOME;
  let folder: string;
  let told: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'claimcache-download-'));
    process.env.XDG_CONFIG_HOME = path.join(folder, 'config');
    told = [];
  });
  afterEach(() => {
    if (config === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = config;
    rmSync(folder, { recursive: true, force: true });
  });

  /** A project whose package @fastly/cli is a script. */
  function project(script: string): void {
    const cli = path.join(folder, 'node_modules/@fastly/cli');
    mkdirSync(cli, { recursive: true });
    writeFileSync(path.join(cli, 'package.json'), '{"type":"module","exports":"./index.js"}');
    writeFileSync(
      path.join(cli, 'index.js'),
      `export default ${JSON.stringify(path.join(cli, 'fastly'))};\n`,
    );
    writeFileSync(path.join(cli, 'fastly'), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(cli, 'fastly'), 0o755);
  }
  const download = () => downloadWithCli(folder, (text) => void told.push(text));

  it('says why the CLI could not download it, in one line without a password', async () => {
    project(`printf 'IMPORTANT: data\\n| Fetching Viceroy\\r/ Fetching Viceroy\\n'
printf '\\n\\033[31mERROR\\033[0m: error downloading Viceroy: proxy https://me:secret@proxy.test: no such host.\\n\\nfile an issue\\n' >&2
exit 1`);
    expect(await download()).toBe(null);
    expect(told).toEqual([
      'Viceroy is not here: asking the fastly CLI to download it.',
      expect.stringMatching(
        /^The fastly CLI has not downloaded it: .*error downloading Viceroy: proxy https:\/\/proxy\.test: no such host\.$/,
      ),
    ]);
  });

  it('says which package would have downloaded it', async () => {
    expect(await download()).toBe(null);
    expect(told).toEqual([expect.stringContaining('npm install --save-dev @fastly/cli')]);
  });
});
