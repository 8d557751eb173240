import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StatsReport } from '../../cli/stats/stats-report.ts';
import { root } from '../../scripts/root.ts';
import { runCli } from './support/run-cli.ts';

const HEAP_MB = 48;
const LINES = 1_000_000;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-stats-'));
  file = path.join(folder, 'edge.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Line `i` of a log: 80 % hits, 18 % misses, 2 % refusals; durations from 1 to 1000 ms, evenly; ever more routes. */
function line(i: number): string {
  const kind = i % 100 < 80 ? 'HIT' : i % 100 < 98 ? 'MISS' : 'ERROR';
  return JSON.stringify({
    v: 1,
    time: new Date(1_767_323_045_000 + i).toISOString(),
    requestId: `4c5b8a0e-0000-4000-8000-${String(i).padStart(12, '0')}`,
    method: 'GET',
    route: i % 10 === 0 ? `made_up_${i}` : `route_${i % 50}`,
    lane: kind === 'ERROR' ? 'reject' : 'scoped',
    state: kind,
    reason: kind === 'ERROR' ? 'error' : 'scope-verified',
    detail: kind === 'HIT' ? 'fresh' : kind === 'MISS' ? 'stored' : '',
    status: kind === 'ERROR' ? 401 : 200,
    code: kind === 'ERROR' ? (i % 2 === 0 ? 'ERR_TOKEN_EXPIRED' : 'ERR_TOKEN_SIGNATURE') : null,
    cause: null,
    ttlSeconds: 300,
    ageSeconds: 3,
    originMs: kind === 'MISS' ? 100 : null,
    verifyMs: 1,
    vcpuMs: 2.5,
    totalMs: 1 + ((i * 7919) % 1000),
    provider: 'app',
    algorithm: 'HS256',
    fingerprint: 'abcdefghijklmnopqrstuv',
    engine: 'core',
    purged: 0,
    notes: [],
  });
}

const log = (count: number) => `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;

function command(argv: string[], nodeArgs: string[] = []) {
  const child = spawn(process.execPath, [...nodeArgs, 'cli/claimcache.mjs', 'stats', ...argv], { cwd: root });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  return { child, stdout: () => stdout, stderr: () => stderr };
}

describe('claimcache stats', () => {
  test(`${LINES} lines go through ${HEAP_MB} MiB of heap, with percentiles that are right to 1 %`, {
    timeout: 600_000,
  }, async () => {
    const { child, stdout, stderr } = command(['--json'], [`--max-old-space-size=${HEAP_MB}`]);
    const ended = once(child, 'exit');
    let bytes = 0;
    for (let i = 0; i < LINES; ) {
      let part = '';
      for (const end = i + 200; i < end; i++) part += `${line(i)}\n`;
      bytes += part.length;
      if (!child.stdin.write(part)) await once(child.stdin, 'drain');
    }
    child.stdin.end();
    expect(await ended, stderr()).toEqual([0, null]);
    // What went through would have filled that heap many times over.
    expect(bytes).toBeGreaterThan(6 * HEAP_MB * 2 ** 20);
    const { totals, lines, routes } = JSON.parse(stdout()) as StatsReport;
    expect(lines).toEqual({
      read: LINES,
      requests: LINES,
      operator: 0,
      background: 0,
      shield: 0,
      foreign: 0,
    });
    expect(totals.states).toMatchObject({ HIT: 0.8 * LINES, MISS: 0.18 * LINES, ERROR: 0.02 * LINES });
    expect(totals.hitRatio).toBeCloseTo(80 / 98, 4);
    for (const [name, exact] of [
      ['p50', 500],
      ['p90', 900],
      ['p95', 950],
      ['p99', 990],
    ] as const) {
      expect(Math.abs((totals.latencyMs?.[name] ?? 0) / exact - 1)).toBeLessThan(0.012);
    }
    expect(totals.latencyMs?.max).toBe(1000);
    expect(totals.unauthorized).toEqual([
      { name: 'ERR_TOKEN_EXPIRED', count: 0.01 * LINES },
      { name: 'ERR_TOKEN_SIGNATURE', count: 0.01 * LINES },
    ]);
    // 100,000 names were made up.
    expect(routes.length).toBeLessThanOrEqual(201);
  });

  test('a file and the standard input say the same', async () => {
    writeFileSync(file, log(500));
    const ofFile = await runCli(['stats', file, '--json']);
    const ofInput = await runCli(['stats', '--json'], { input: log(500) });
    expect(ofFile.status).toBe(0);
    expect(ofFile.json<StatsReport>().totals.requests).toBe(500);
    expect(ofInput.stdout).toBe(ofFile.stdout);
  });

  test('writes a report of HTML that holds all of it, loads nothing, and runs nothing that a log says', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    writeFileSync(
      file,
      `${log(500)}${line(1).replace('"stored"', JSON.stringify(evil)).replace('"route_1"', JSON.stringify(evil)).replace('"HIT"', '"MISS"')}\n`,
    );
    const report = path.join(folder, 'report.html');
    const run = await runCli(['stats', file, '--html', report]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('501 requests');
    const html = readFileSync(report, 'utf8');
    for (const told of ['501', '79.8 %', 'route_7', 'ERR_TOKEN_EXPIRED', 'no alarm', '&lt;img src=x']) {
      expect(html).toContain(told);
    }
    expect(html).not.toMatch(/<(?:script|img|link|iframe)|https?:/);
    const nowhere = await runCli(['stats', file, '--html', path.join(folder, 'no/such/folder.html')]);
    expect(nowhere.status).not.toBe(0);
    expect(nowhere.stderr).toContain('cannot be written');
  });

  test('off a terminal a long log is told of on stderr, in megabytes', async () => {
    let nowMs = 1_767_323_045_000;
    writeFileSync(file, log(4000));
    // Each look at the clock is twenty seconds after the one before.
    const run = await runCli(['stats', file, '--json'], { nowMs: () => (nowMs += 20_000) });
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(/^MB read: \d\/2$/m);
  });

  test('what fastly log-tail and Viceroy put before a line is no matter', async () => {
    const tail = [
      'INFO: Managed logging enabled on service abc',
      `stdout | 0331fdea | ${line(0)}`,
      `stdout | 0331fdea | Log: ${line(1)}`,
      `claimcache :: ${line(2)}`,
      'stderr | 0331fdea | something else',
    ];
    const run = await runCli(['stats', '--json'], { input: `${tail.join('\r\n')}\r\n` });
    expect(run.json<StatsReport>().lines).toMatchObject({ requests: 3, foreign: 2 });
  });

  test('the last line counts without its end, too', async () => {
    const run = await runCli(['stats', '--json'], { input: log(3).trimEnd() });
    expect(run.json<StatsReport>().lines.requests).toBe(3);
  });

  test('a log that is none says so, and fails', async () => {
    const run = await runCli(['stats', 'package.json'], { cwd: root });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining('docs/reference/logs.md')]);
  });

  test.each<[string, string[], boolean]>([
    ['a file that is not there', ['none.log'], false],
    ['a folder', ['docs'], false],
    ['a folder to follow', ['--follow', 'docs'], false],
    ['no log', [], true],
    ['no interval', ['package.json', '--interval', 'x'], false],
  ])('%s: it says so, and ends', async (_what, argv, isInTty) => {
    const run = await runCli(['stats', ...argv], { isInTty, cwd: root });
    expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/^error: .+\n {2}.+/)]);
  });

  test('--follow --json tells of a growing file line by line, and ends with the sum', async () => {
    writeFileSync(file, log(10));
    const { child, stdout } = command(['--follow', '--json', '--interval', '0.2', file]);
    const requests = () =>
      stdout()
        .trim()
        .split('\n')
        .map((text) => (text === '' ? 0 : (JSON.parse(text) as StatsReport).totals.requests));
    await expect.poll(() => requests().at(-1)).toBe(10);
    appendFileSync(file, log(5));
    await expect.poll(() => requests().at(-1)).toBe(15);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(requests().at(-1)).toBe(15);
  });

  test('a terminal gets a screen that is drawn over, with its hit ratio over time', async () => {
    const run = await runCli(['stats', '--follow', '--interval', '0.1'], {
      input: log(100),
      isOutTty: true,
      columns: 120,
    });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('\u001b[2J');
    expect(run.stdout).toContain('hit ratio 81.6 %');
  });
});
