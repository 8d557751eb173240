import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { CliError } from '../base/cli-error.ts';
import { type Call, present } from '../base/command.ts';
import { type LinkFailure, linkLocalCache } from './link.ts';

const EXAMPLES = `
The result answers fastly_http_cache by itself, on the core cache of Viceroy. It refuses to start on Fastly.

Examples:
  claimcache local-cache bin/main.wasm bin/local.wasm
  fastly compute serve --file bin/local.wasm
  viceroy -C fastly.toml bin/local.wasm`;

const FAILURES: Record<LinkFailure, readonly [message: string, fix: string]> = {
  'not-a-module': [
    'is no WebAssembly module with a memory of its own.',
    'Name what js-compute-runtime has built.',
  ],
  'no-http-cache': [
    'does not ask for the HTTP cache.',
    'Build it with `js-compute-runtime --enable-http-cache`. What this command has written has the cache in it already.',
  ],
  'too-large': ['begins with more than 128 MiB of memory.', 'Fastly allows no more either.'],
};

/**
 * `claimcache local-cache`: a service with the readthrough cache in it, for the local server.
 *
 * @remarks
 * - It takes about 10 seconds, and adds 20 kB.
 * - It links a module that implements the host calls `fastly_http_cache` on Viceroy's core cache. Hooks, `response.ttl`, `surrogateKeys` and `cached` are js-compute's own code, as in production.
 * - The cache follows Fastly's documentation: lifetimes, stale responses, revalidation, request collapsing, hit-for-pass (`'uncacheable'`), `stale-if-error`, hard and soft purges, ranges, HEAD.
 * - So `no-store` and `no-cache` have no effect on storing, `private` has, and a response without a lifetime is stored for 2 minutes.
 * - There is one point of presence. A purge takes effect at once. Nothing is evicted. The cache is empty when Viceroy starts.
 * - `x-cache-hits` is 1 on every hit. The stale time of a soft-purged response counts from the end of its lifetime.
 * - Two `fetch` calls for one key at the same time in one sandbox block each other: start the second after the first has answered.
 */
export function localCacheCommand(call: Call): Command {
  return new Command('local-cache')
    .description('Add a local readthrough cache to the wasm of any js-compute service, for Viceroy.')
    .argument('<in.wasm>', 'what js-compute-runtime --enable-http-cache has built')
    .argument('<out.wasm>', 'the service with the cache in it')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action((input: string, output: string, options: { json?: boolean }) =>
      add(call, input, output, options),
    );
}

async function add(
  { world }: Call,
  input: string,
  output: string,
  { json }: { json?: boolean },
): Promise<void> {
  const [from, to] = [input, output].map((file) => path.resolve(world.cwd, file)) as [string, string];
  if (!existsSync(from)) throw new CliError('CLI_INPUT', `There is no ${input}.`, 'Build the service first.');
  if (from === to || to.endsWith(path.join('bin', 'main.wasm'))) {
    throw new CliError(
      'CLI_INPUT',
      `${output} is not written: a deploy would take it.`,
      'Name another file, such as bin/local.wasm.',
    );
  }
  const failure = await linkLocalCache(from, to);
  if (failure !== null) {
    const [message, fix] = FAILURES[failure];
    throw new CliError('CLI_INPUT', `${input} ${message}`, fix);
  }
  const bytes = statSync(to).size;
  present(
    world,
    json,
    { ok: true, file: to, bytes },
    () => `${output}: ${bytes} bytes, for the local server only.\n`,
  );
}
