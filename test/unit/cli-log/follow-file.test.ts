import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followFile } from '../../../cli/log/follow-file.ts';

let folder: string;
let file: string;
let lines: string[];
let end: AbortController;
let following: Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-follow-'));
  file = path.join(folder, 'edge.log');
  lines = [];
  end = new AbortController();
  writeFileSync(file, 'one\ntwo\nthr');
  following = followFile(file, (line) => lines.push(line), end.signal);
});
afterEach(async () => {
  end.abort();
  await following;
  rmSync(folder, { recursive: true, force: true });
});

test('a file is read from its beginning, and as it grows, whole lines only', async () => {
  await expect.poll(() => lines).toEqual(['one', 'two']);
  appendFileSync(file, 'ee\nfour\n');
  await expect.poll(() => lines).toEqual(['one', 'two', 'three', 'four']);
});

test('a character that was written in two parts is whole', async () => {
  const [first, second] = [Buffer.from('ee ü').subarray(0, 4), Buffer.from('ü\n').subarray(1)];
  appendFileSync(file, first);
  await new Promise((resolve) => setTimeout(resolve, 400));
  appendFileSync(file, second);
  await expect.poll(() => lines.at(-1)).toBe('three ü');
});

test('a file that was emptied is read from its beginning', async () => {
  await expect.poll(() => lines).toEqual(['one', 'two']);
  writeFileSync(file, 'new\n');
  await expect.poll(() => lines.at(-1)).toBe('new');
});

test('a file that was moved away is read to its end, and the new one of its name from its beginning', async () => {
  await expect.poll(() => lines).toEqual(['one', 'two']);
  appendFileSync(file, 'ee\nlast of the old\n');
  renameSync(file, `${file}.1`);
  writeFileSync(file, 'first of the new\n');
  await expect.poll(() => lines.slice(2)).toEqual(['three', 'last of the old', 'first of the new']);
});
