import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './support/run-cli.ts';

let folder: string;
const script = (shell: string) => path.join(folder, `script.${shell}`);
const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-completion-'));
  for (const shell of ['bash', 'zsh', 'fish']) {
    const run = await runCli(['completion', shell]);
    expect(run.status).toBe(0);
    writeFileSync(script(shell), run.stdout);
  }
  writeFileSync(path.join(folder, 'a file.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A line up to the Tab key, and what has to be offered. */
const LINES: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['pu'], ['purge']],
  [['keys', 'im'], ['import']],
  [['explain', 'GET', '/x', '--dev'], ['--device']],
  [
    ['explain', '--device', ''],
    ['desktop', 'mobile', 'tablet'],
  ],
  [['completion', 'z'], ['zsh']],
  [['keys', 'check', 'a'], ['a file.json']],
  [['purge', '--file', 'a'], ['a file.json']],
  // The value of an option is no command.
  [['check', '--policy', 'keys', '--str'], ['--strict']],
];

describe.runIf(has('bash'))('bash', () => {
  it.each(LINES)('%j offers %j', (words, offered) => {
    const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _claimcache; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const args = ['--norc', '-c', program, 'bash', script('bash'), 'claimcache', ...words];
    const out = execFileSync('bash', args, { cwd: folder, encoding: 'utf8' });
    expect(out.trim().split('\n')).toEqual(offered);
  });
});

describe.runIf(has('fish'))('fish', () => {
  it.each(LINES)('%j offers %j', (words, offered) => {
    const line = ['claimcache', ...words].join(' ');
    const args = ['--no-config', '-c', 'source $argv[1]; complete -C "$argv[2]"', script('fish'), line];
    const out = execFileSync('fish', args, { cwd: folder, encoding: 'utf8' });
    expect(
      out
        .trim()
        .split('\n')
        .map((offer) => offer.split('\t')[0]),
    ).toEqual(offered);
  });
});

describe.runIf(has('zsh'))('zsh', () => {
  it.each(LINES)('%j offers %j', (words, offered) => {
    // Its own functions for offering, in the place of those that draw: they filter by the word as the real ones do.
    const program = `
      compdef() { }
      source "$1"; shift
      offer() { [[ $1 == "$words[CURRENT]"* ]] && print -r -- "$1" }
      _describe() { local name=$argv[-1] entry; for entry in "\${(@P)name}"; do offer "\${entry%%:*}"; done }
      compadd() { shift; local entry; for entry in "$@"; do offer "$entry"; done }
      _files() { local entry; for entry in *(N); do offer "$entry"; done }
      words=("$@"); CURRENT=$#words; _claimcache; true`;
    const args = ['-f', '-c', program, 'zsh', script('zsh'), 'claimcache', ...words];
    const out = execFileSync('zsh', args, { cwd: folder, encoding: 'utf8' });
    expect(
      out
        .trim()
        .split('\n')
        .filter((offer) => !offer.startsWith('script.')),
    ).toEqual(offered);
  });
});

it('a script stands within JSON where that is asked for', async () => {
  const run = await runCli(['completion', 'bash', '--json']);
  expect(run.json()).toMatchObject({
    ok: true,
    shell: 'bash',
    script: expect.stringContaining('complete -o'),
  });
});
