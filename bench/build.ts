import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/root.ts';
import { ensureSiteWasm } from '../test/support/ensure-site-wasm.ts';
import { send } from '../test/support/send.ts';
import { startEdge } from '../test/support/start-edge.ts';
import { startOrigin } from '../test/support/start-origin.ts';
import { builtBytes, readBudget, tooLarge } from './budget/budget.ts';
import { benchOptions } from './support/options.ts';
import { quantile } from './support/quantile.ts';
import { report } from './support/report.ts';

/** What building takes, what comes out of it, and how long until the first answer. */
const { quick } = benchOptions();
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const PATH = `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}`;

const steps = String(scripts.build).split(' && ');
const rows = steps.map((step) => {
  const startedMs = performance.now();
  const options = { cwd: root, shell: true, env: { ...process.env, PATH }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(step, options);
  if (status !== 0) throw new Error(`${step} failed.\n${stdout}${stderr}`);
  return { step: `\`${step}\``, seconds: ((performance.now() - startedMs) / 1000).toFixed(1) };
});
const whole = rows.reduce((sum, { seconds }) => sum + Number(seconds), 0).toFixed(1);
report('Building', [...rows, { step: 'npm run build', seconds: whole }]);

await ensureSiteWasm();
const budget = readBudget();
const bytes = builtBytes();
report(
  'Sizes',
  Object.entries(bytes).map(([file, size]) => ({ file, bytes: size, budget: budget.bytes[file] ?? 0 })),
);

const origin = await startOrigin();
const startedMs = performance.now();
const edge = await startEdge({ originUrl: origin.url });
const startSeconds = (performance.now() - startedMs) / 1000;
const timed = async () => {
  const sentMs = performance.now();
  await send(edge.url, '/pages/welcome');
  return performance.now() - sentMs;
};
await timed();
const cold: number[] = [];
const warm: number[] = [];
for (let round = 0; round < (quick ? 2 : 8); round++) {
  // A sandbox ends a second after its last request: the next one meets a new one.
  await sleep(2000);
  cold.push(await timed());
  for (let i = 0; i < 10; i++) warm.push(await timed());
}
await edge.stop();
await origin.stop();
report('Until the first answer', [
  { what: 'the local server starts (compiles the wasm) and answers', ms: (startSeconds * 1000).toFixed(0) },
  { what: 'a public HIT in a new sandbox, p50', ms: quantile(cold, 0.5).toFixed(1) },
  { what: 'a public HIT in one that has served before, p50', ms: quantile(warm, 0.5).toFixed(1) },
]);
for (const line of tooLarge(bytes, budget)) {
  console.error(line);
  process.exitCode = 1;
}
