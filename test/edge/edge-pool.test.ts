import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { edgeManifest } from '../support/edge-manifest.ts';
import { addressOf, createEdgePool, type EdgePool, type LeaseRequest } from '../support/edge-pool.ts';
import { IDLE_SERVICE } from './support/idle-service.ts';

// What the files of these tests share: Viceroys. Here with a service that is compiled at once.
let folder: string;
let request: LeaseRequest;
let pool: EdgePool;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-pool-test-'));
  const wasm = path.join(folder, 'idle.wasm');
  writeFileSync(wasm, IDLE_SERVICE);
  const urls = { originUrl: addressOf('origin'), backends: { shop: addressOf('shop') } };
  const manifest = edgeManifest(urls, await siteKeys());
  request = { wasm, manifest, backends: ['origin', 'shop'], config: '{}' };
});
afterEach(() => pool?.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answers = async (url: string) => (await fetch(url)).status;
/** As `ps` calls them: `T` is stopped. */
const stateOf = (pid: number) => / \((?:.*)\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];

describe('the pool', () => {
  it('gives one that was given back to the next who asks for the same, with the ports that its backends had', async () => {
    pool = createEdgePool({ maxFree: 8 });
    const first = await pool.lease(request);
    await pool.giveBack(first.id);
    const second = await pool.lease(request);
    expect(second).toEqual({ ...first, turn: 2 });
    expect(await answers(second.url)).toBe(200);
  });

  it('gives nobody what somebody has, what was ended, or what has another service or manifest', async () => {
    pool = createEdgePool({ maxFree: 8 });
    const first = await pool.lease(request);
    const second = await pool.lease(request);
    await pool.giveBack(first.id);
    const other = await pool.lease({ ...request, manifest: `${request.manifest}\n# another\n` });
    await pool.end(first.id);
    const last = await pool.lease(request);
    expect(new Set([first, second, other, last].map(({ pid }) => pid)).size).toBe(4);
    expect(new Set([first, second, other, last].flatMap(({ ports }) => Object.values(ports))).size).toBe(8);
    await expect(answers(first.url)).rejects.toThrow();
  });

  it('two who ask at once do not get the same', async () => {
    pool = createEdgePool({ maxFree: 8 });
    await pool.giveBack((await pool.lease(request)).id);
    const [one, other] = await Promise.all([pool.lease(request), pool.lease(request)]);
    expect(one.pid).not.toBe(other.pid);
  });

  it.runIf(process.platform === 'linux')('who waits uses no CPU', async () => {
    pool = createEdgePool({ maxFree: 8 });
    const { id, pid } = await pool.lease(request);
    await pool.giveBack(id);
    await expect.poll(() => stateOf(pid)).toBe('T');
    await pool.lease(request);
    await expect.poll(() => stateOf(pid)).not.toBe('T');
  });

  it('one that has died is replaced', async () => {
    pool = createEdgePool({ maxFree: 8 });
    const first = await pool.lease(request);
    await pool.giveBack(first.id);
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => answers(first.url).catch(() => 0)).toBe(0);
    const second = await pool.lease(request);
    expect(second.pid).not.toBe(first.pid);
    expect(await answers(second.url)).toBe(200);
  });

  it('ends the one that has waited longest where too many wait', async () => {
    pool = createEdgePool({ maxFree: 1 });
    const [first, second] = [await pool.lease(request), await pool.lease(request)];
    await pool.giveBack(first.id);
    await pool.giveBack(second.id);
    await expect(answers(first.url)).rejects.toThrow();
    expect((await pool.lease(request)).pid).toBe(second.pid);
  });
});
