import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTurn } from '../../support/in-turn.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-in-turn-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('work in turn', () => {
  it('is done by one at a time, and nothing is left behind', async () => {
    const lock = path.join(folder, 'new/one.lock');
    let [busy, most] = [0, 0];
    const work = async () => {
      busy += 1;
      most = Math.max(most, busy);
      await sleep(5);
      busy -= 1;
    };
    await Promise.all([inTurn(lock, work), inTurn(lock, work), inTurn(lock, work)]);
    expect(most).toBe(1);
    expect(existsSync(lock)).toBe(false);
  });

  it('goes on after work that failed', async () => {
    const lock = path.join(folder, 'failed.lock');
    await expect(inTurn(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await inTurn(lock, async () => 'done')).toBe('done');
  });

  it('goes on after a process that ended within its work', async () => {
    const lock = path.join(folder, 'left.lock');
    writeFileSync(lock, String(spawnSync(process.execPath, ['-e', '']).pid));
    expect(await inTurn(lock, async () => 'done')).toBe('done');
  });
});
