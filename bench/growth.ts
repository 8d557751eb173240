import { ensureSiteWasm } from '../test/support/ensure-site-wasm.ts';
import { growBodies } from './growth/bodies.ts';
import { growKeySet } from './growth/jwks.ts';
import { ALLOWED_MIB, measureMemory } from './growth/memory.ts';
import { growRoutes } from './growth/routes.ts';
import { growUsers } from './growth/users.ts';
import { benchOptions } from './support/options.ts';
import { report, targets } from './support/report.ts';

/**
 * Cost as it grows: routes, keys, bodies, users, and the memory of a sandbox over an hour's worth of requests. Routes and keys
 * are measured in instructions, which say exactly whether anything grows. A million users take long: `-- --full`.
 */
const { quick, full } = benchOptions();
await ensureSiteWasm();

const routes = await growRoutes(quick ? [10, 100] : [10, 100, 1000]);
report('Routes in the policy: million instructions of a HIT', routes);
const keys = await growKeySet(quick ? [1, 10] : [1, 10, 100]);
report('Keys in a JWKS: million instructions of a HIT', keys);
const bodies = await growBodies([1024, 65_536, 1_048_576, ...(quick ? [] : [10_485_760, 104_857_600])]);
report('Bodies', bodies);
const users = await growUsers([
  1,
  100,
  1000,
  ...(quick ? [] : [10_000, 100_000]),
  ...(full ? [1_000_000] : []),
]);
report('Distinct users, each with an entry of their own', users);
// Ten a second for an hour.
const memory = await measureMemory(quick ? 1500 : 36_000);
report(`Heap of a sandbox over ${memory.requests} requests`, [
  {
    requests: memory.requests,
    sandboxes: memory.sandboxes,
    'p50, MiB': memory.p50MiB.toFixed(1),
    'max, MiB': memory.maxMiB.toFixed(1),
    'allowed, MiB': ALLOWED_MIB,
  },
]);

const spread = (rows: readonly Record<string, string | number>[], column: string) => {
  const values = rows.map((row) => Number(row[column]));
  return Math.max(...values) / Math.min(...values);
};
const [few] = users.slice(1);
const many = users.at(-1);
targets({
  'the last of the routes costs what the first one costs (1 %)': routes.every(
    (row) => Number(row['public, last route']) <= Number(row['public, first route']) * 1.01,
  ),
  'a hundred times the routes cost at most a third more':
    spread(routes, 'public, last route') <= 1.33 && spread(routes, 'scoped, last route') <= 1.33,
  'verifying does not grow with the number of keys (5 %)': spread(keys, 'fresh tokens') <= 1.05,
  'a HIT among many users is as fast as among few (within a half: a clock measures it)':
    Number(many?.['HITs a second']) >= Number(few?.['HITs a second']) / 2,
  'no sandbox uses more than it may': memory.sandboxes > 0 && memory.maxMiB <= ALLOWED_MIB,
});
