import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { tokenizer } from 'acorn';
import webpack from 'webpack';
import { root } from '../scripts/root.ts';
import { claimcache } from '../src/build/webpack.ts';
import { SITE_SERVICE } from '../test/support/build-service.ts';
import { functionsIn } from './budget/functions.ts';
import { report } from './support/report.ts';

/** What the service of the test site consists of: functions and bytes of its bundle, minified, by folder and package. */
const BUNDLE = path.join(root, 'build/bundle/site.js');

await build();
const code = readFileSync(BUNDLE, 'utf8');
const map = new SourceMap(JSON.parse(readFileSync(`${BUNDLE}.map`, 'utf8')));
const lineStarts = [0, ...Array.from(code.matchAll(/\n/g), ({ index }) => index + 1)];
const parts = new Map<string, { functions: number; bytes: number }>();
for (const start of functionsIn(code)) partAt(start).functions += 1;
for (const { start, end } of tokenizer(code, { ecmaVersion: 'latest', sourceType: 'module' }))
  partAt(start).bytes += end - start;

report(
  'What is in the bundle',
  [...parts]
    .sort(([, a], [, b]) => b.functions - a.functions || b.bytes - a.bytes)
    .map(([part, { functions, bytes }]) => ({ part, functions, bytes })),
  { functions: functionsIn(code).length, bytes: code.length },
);

function partAt(offset: number): { functions: number; bytes: number } {
  const line = lineStarts.findLastIndex((start) => start <= offset);
  const entry = map.findEntry(line, offset - (lineStarts[line] ?? 0));
  const part = partOf('originalSource' in entry ? entry.originalSource : '');
  const known = parts.get(part) ?? { functions: 0, bytes: 0 };
  parts.set(part, known);
  return known;
}

/** `src/request`, `graphql`. */
function partOf(source: string): string {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source) ?? [];
  if (inPackage !== undefined) return inPackage;
  const [, folder, file] = /((?:src|test)\/[^/]+)(\/)?/.exec(source) ?? [];
  return folder === undefined ? 'between modules' : file === undefined ? 'src' : folder;
}

async function build(): Promise<void> {
  const { policy, entry } = SITE_SERVICE;
  const config = claimcache({ policy, entry, output: path.relative(root, BUNDLE) });
  config.devtool = 'source-map';
  config.resolve?.conditionNames?.unshift('claimcache-source');
  await new Promise<void>((done, failed) => {
    webpack(config, (error, stats) => {
      if (error !== null || stats?.hasErrors()) failed(error ?? new Error(stats?.toString()));
      else done();
    });
  });
}
