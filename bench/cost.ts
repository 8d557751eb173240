import { buildService } from '../test/support/build-service.ts';
import { ensureSiteWasm } from '../test/support/ensure-site-wasm.ts';
import {
  builtBytes,
  builtFunctions,
  readBudget,
  slack,
  tooCostly,
  tooDear,
  tooLarge,
  tooManyFunctions,
  WORST,
  writeBudget,
} from './budget/budget.ts';
import { measureCost, measureHello } from './meter/measure-cost.ts';
import { benchOptions } from './support/options.ts';
import { report } from './support/report.ts';

/**
 * What a request costs in WebAssembly instructions and host calls, beside its budget: the same numbers on every machine,
 * whatever else runs there; and what the worst request of each kind costs, beside the usual one that it is like. `npm test` asks the same.
 * `-- --write` makes what was measured the budget.
 */
const { requests, worst } = await measureCost(await ensureSiteWasm());
const bytes = builtBytes();
const functions = builtFunctions();
if (benchOptions().write) writeBudget({ bytes, functions, requests });
const budget = readBudget();

/** By name: the same service without a GraphQL endpoint. */
const { requests: without } = await measureCost(
  await buildService({
    name: 'without-graphql',
    policy: 'bench/policies/without-graphql.ts',
    entry: 'bench/services/without-graphql.ts',
  }),
);

const millions = (count: number) => (count / 1e6).toFixed(2);
report(
  'What a request costs',
  Object.entries(requests).map(([name, { instructions, mean, hostCalls, first }]) => ({
    request: name,
    'million instructions': millions(instructions),
    'on the average': millions(mean),
    'host calls': hostCalls,
    'without GraphQL in the policy': millions(without[name]?.instructions ?? 0),
    'first of a sandbox': first === null ? '' : millions(first),
    'budget, million': millions(budget.requests[name]?.instructions ?? 0),
  })),
  { exact: requests },
);
report(
  'The worst requests',
  Object.entries(worst).map(([name, { instructions, like }]) => ({
    request: name,
    'million instructions': millions(instructions),
    like,
    times: (instructions / (requests[like]?.instructions ?? 0)).toFixed(1),
    'times at most': WORST,
  })),
  { exact: worst },
);
const hello = async (name: string) =>
  measureHello(await buildService({ name, entry: `bench/services/${name}.ts` }));
const floor = await hello('hello');
const loaded = await hello('loaded');
const hit = requests['public HIT'];
if (hit === undefined) throw new Error('no public HIT was counted');
const inMemory = 'the same with the service in memory, which is walked by the collection after each request';
report('What a public HIT consists of', [
  { what: 'hello world', 'million instructions': millions(floor.instructions) },
  { what: inMemory, 'million instructions': millions(loaded.instructions) },
  { what: 'public HIT', 'million instructions': millions(hit.instructions) },
]);
const none = await hello('remembered-none');
const hundred = await hello('remembered');
report('What it costs to remember tokens', [
  { what: 'hello world with an empty memory', 'million instructions': millions(none.instructions) },
  { what: 'with 100 tokens in it', 'million instructions': millions(hundred.instructions) },
]);
report(
  'Sizes',
  Object.entries(bytes).map(([file, size]) => ({ file, bytes: size, budget: budget.bytes[file] ?? 0 })),
  { functions, allowed: budget.functions },
);
for (const line of slack(requests, budget)) console.log(line);
for (const line of [
  ...tooCostly(requests, budget),
  ...tooDear(worst, requests),
  ...tooLarge(bytes, budget),
  ...tooManyFunctions(functions, budget),
]) {
  console.error(line);
  process.exitCode = 1;
}
