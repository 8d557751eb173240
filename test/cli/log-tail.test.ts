import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import fastlyCli from '@fastly/cli';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensurePage } from '../../cli/console/ensure-page.ts';
import type { StatsReport } from '../../cli/stats/stats-report.ts';
import { root } from '../../scripts/root.ts';
import { liveState } from '../support/live-state.ts';
import { closed, listen } from './support/fastly-api.ts';

const LINE = JSON.stringify({
  v: 1,
  time: '2026-01-02T03:04:05.000Z',
  requestId: 'r',
  method: 'GET',
  route: 'orders',
  lane: 'scoped',
  state: 'HIT',
  reason: 'scope-verified',
  detail: 'fresh',
  status: 200,
  code: null,
  originMs: null,
  totalMs: 2,
});

beforeAll(ensurePage);

/**
 * As much of the API as `fastly log-tail` asks: two lines of the service, and no more of it once they have been printed. The
 * command sorts what it has for a while before it prints it.
 */
function startApi(printed: Promise<unknown>) {
  let isOver = false;
  return createServer(async (request, response) => {
    const json = (status: number, body: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(`${JSON.stringify(body)}\n`);
    const base = `http://${request.headers.host}`;
    if (request.url?.includes('.well-known')) {
      return json(200, {
        authorization_endpoint: `${base}/a`,
        token_endpoint: `${base}/t`,
        jwks_uri: `${base}/j`,
      });
    }
    if (request.method === 'POST') return json(200, { service_id: 'abc', kind: 'instance_output' });
    if (isOver) {
      await printed;
      return json(404, {});
    }
    isOver = true;
    const logs = [LINE, `Log: ${LINE}`, 'something else'].map((message, i) => ({
      sequence_num: i,
      request_start_us: Date.now() * 1000,
      stream: 'stdout',
      id: '0331fdea',
      message,
    }));
    return json(200, { batch_id: 'b1', logs }, { link: '</next?from=1>; rel="next"' });
  });
}

/** What the real command prints, before that API. */
async function tailed(flags: readonly string[]) {
  const output = new PassThrough();
  let seen = '';
  const printed = new Promise<void>((resolve) =>
    output.on('data', (part: Buffer) => {
      seen += part;
      if (seen.includes('something else')) resolve();
    }),
  );
  const api = startApi(printed);
  const url = await listen(api);
  const options = ['--api', url, '--account', url, '--token', 'stand-in', '--service-id', 'abc'];
  const tail = spawn(fastlyCli, ['log-tail', ...flags, ...options, '--non-interactive'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  tail.stdout.pipe(output);
  return { output, ended: once(tail, 'exit'), stop: () => closed(api) };
}

describe.each([[[]], [['--timestamps']]])('what the real fastly log-tail %j prints', (flags) => {
  test('claimcache stats reads', async () => {
    const tail = await tailed(flags);
    try {
      const stats = spawn(process.execPath, ['cli/claimcache.mjs', 'stats', '--json'], {
        cwd: root,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      tail.output.pipe(stats.stdin);
      const [output] = await Promise.all([text(stats.stdout), tail.ended]);
      const { lines, totals } = JSON.parse(output) as StatsReport;
      expect([lines.requests, totals.hitRatio]).toEqual([2, 1]);
      expect(lines.foreign).toBeGreaterThan(0);
    } finally {
      await tail.stop();
    }
  });

  test('claimcache console shows', async () => {
    const tail = await tailed(flags);
    const shown = spawn(process.execPath, ['cli/claimcache.mjs', 'console', '--port', '0'], {
      cwd: root,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    try {
      tail.output.pipe(shown.stdin);
      let said = '';
      shown.stderr.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
      const url = () => /http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+/.exec(said)?.[0] ?? '';
      await expect.poll(url).not.toBe('');
      await expect
        .poll(async () => (await liveState(url())).routes)
        .toMatchObject([{ route: 'orders', lane: 'scoped', slots: [{ HIT: 2 }] }]);
    } finally {
      shown.kill('SIGINT');
      await Promise.all([once(shown, 'exit'), tail.stop()]);
    }
  });
});
