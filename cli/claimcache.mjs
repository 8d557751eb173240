#!/usr/bin/env node
// In the package this starts what was built; beside the sources, where there are any, it starts those as they are.
import { existsSync } from 'node:fs';
import { missingPrerequisite } from './base/prerequisites.mjs';

const missing = missingPrerequisite();
if (missing !== null) {
  console.error(`error: ${missing}`);
  process.exit(1);
}

// `claimcache … | head` closes its end. A purge goes on all the same, and nobody is shown where Node failed to write.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

const isSource = existsSync(new URL('./main.ts', import.meta.url));
if (isSource) await import('../scripts/tsx.mjs');
else {
  // A policy is TypeScript, also outside of a package that is a module: there Node takes a .ts file for CommonJS.
  const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  commonJs.register();
  modules.register();
}
const { main } = await import(isSource ? './main.ts' : '../dist/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
