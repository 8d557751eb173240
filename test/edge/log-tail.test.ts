import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLogLine } from '../../cli/log/read-log-line.ts';
import type { StatsReport } from '../../cli/stats/stats-report.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { PEOPLE } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, tokenOf } from './support/client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';
import { ONE_REQUEST } from './support/scripted-stack.ts';

let origin: ScriptedOrigin;
let edge: RunningEdge;
beforeAll(async () => {
  origin = await startScriptedOrigin();
  origin.answer(page({ 'cache-control': 'private, max-age=300' }));
  edge = await startEdge({ originUrl: origin.url, wasm: await buildService(ONE_REQUEST) });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

it('with logEndpoint "stdout" the lines go where fastly log-tail shows them, and stats reads them', async () => {
  const [alice] = PEOPLE;
  const token = alice === undefined ? '' : await tokenOf(alice);
  await ask(edge, token, '/api/orders');
  await ask(edge, token, '/api/orders');
  await ask(edge, null, '/api/orders');
  const lines = () =>
    edge
      .output()
      .split('\n')
      .filter((line) => readLogLine(line) !== null);
  // The health check at the start has a line, too.
  await expect.poll(() => lines().length).toBe(4);
  const tail = lines().map((line) => `stdout | 0331fdea | ${line}`);
  const run = await runCli(['stats', '--json'], { input: tail.join('\n') });
  const { totals, lines: counted } = run.json<StatsReport>();
  expect(counted).toEqual({ read: 4, requests: 3, operator: 1, background: 0, shield: 0, foreign: 0 });
  expect(totals).toMatchObject({
    hitRatio: 0.5,
    originOffload: 0.5,
    unauthorized: [{ name: 'ERR_CREDENTIAL_MISSING', count: 1 }],
  });
});

it('limits.sandboxRequests: 1 gives each request a sandbox of its own', async () => {
  for (let i = 0; i < 8; i++) expect((await ask(edge, null, '/served')).text).toBe('1');
});
