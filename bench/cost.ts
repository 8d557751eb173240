import path from 'node:path';
import { root } from '../scripts/root.ts';
import ensureMainWasm from '../test/support/ensure-main-wasm.ts';
import { builtBytes, readBudget, slack, tooCostly, tooLarge, writeBudget } from './budget/budget.ts';
import { measureCost } from './meter/measure-cost.ts';
import { benchOptions } from './support/options.ts';
import { report } from './support/report.ts';

/**
 * What a request costs in WebAssembly instructions and host calls, beside its budget: the same numbers on every machine,
 * whatever else runs there. `npm test` asks the same. `-- --write` makes what was measured the budget.
 */
await ensureMainWasm();
const requests = await measureCost(path.join(root, 'bin/main.wasm'));
const bytes = builtBytes();
if (benchOptions().write) writeBudget({ bytes, requests });
const budget = readBudget();

const millions = (count: number) => (count / 1e6).toFixed(2);
report(
  'What a request costs',
  Object.entries(requests).map(([name, { instructions, mean, hostCalls }]) => ({
    request: name,
    'million instructions': millions(instructions),
    'on the average': millions(mean),
    'host calls': hostCalls,
    'budget, million': millions(budget.requests[name]?.instructions ?? 0),
  })),
  { exact: requests },
);
report(
  'Sizes',
  Object.entries(bytes).map(([file, size]) => ({ file, bytes: size, budget: budget.bytes[file] ?? 0 })),
);
for (const line of slack(requests, budget)) console.log(line);
for (const line of [...tooCostly(requests, budget), ...tooLarge(bytes, budget)]) {
  console.error(line);
  process.exitCode = 1;
}
