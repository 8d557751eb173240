import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchFiles } from '../../../cli/dev/watch-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-watch-'));
  mkdirSync(path.join(folder, 'src/deep'), { recursive: true });
  write('src/policy.ts', 'a');
  write('fastly.toml', 'a');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
const names = (files: readonly string[] | null) => files?.map((file) => path.relative(folder, file)).sort();
const signal = new AbortController().signal;

it('tells what has changed, was made and was removed, and nothing twice', async () => {
  const watched = watchFiles([path.join(folder, 'src'), path.join(folder, 'fastly.toml')]);
  write('src/policy.ts', 'b');
  write('src/deep/more.ts', 'new');
  expect(names(await watched.next(signal))).toEqual(['src/deep/more.ts', 'src/policy.ts']);
  rmSync(path.join(folder, 'src/deep/more.ts'));
  expect(names(await watched.next(signal))).toEqual(['src/deep/more.ts']);
  write('fastly.toml', 'b');
  expect(names(await watched.next(signal))).toEqual(['fastly.toml']);
});

it('a file that is written again with the same content has not changed, nor has one that was accepted', async () => {
  const watched = watchFiles([path.join(folder, 'src'), path.join(folder, 'fastly.toml')]);
  utimesSync(path.join(folder, 'src/policy.ts'), new Date(), new Date(0));
  write('fastly.toml', 'written by the command');
  watched.accept(path.join(folder, 'fastly.toml'));
  const next = watched.next(signal);
  await new Promise((resolve) => setTimeout(resolve, 600));
  write('src/policy.ts', 'c');
  expect(names(await next)).toEqual(['src/policy.ts']);
});

it('ends with its signal', async () => {
  const end = new AbortController();
  const next = watchFiles([folder]).next(end.signal);
  end.abort();
  expect(await next).toBeNull();
});
