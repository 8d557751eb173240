#!/usr/bin/env node
// The TypeScript sources run as they are: the policy that the CLI reads is always the one you have just edited.
import { missingPrerequisite } from './base/prerequisites.mjs';

const missing = missingPrerequisite();
if (missing !== null) {
  console.error(`error: ${missing}`);
  process.exit(1);
}
const { register: registerCommonJs } = await import('tsx/cjs/api');
const { register } = await import('tsx/esm/api');

// `claimcache … | head` closes its end. A purge goes on all the same, and nobody is shown where Node failed to write.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
});

// A policy outside of a package that is a module: there Node takes a .ts file for CommonJS.
registerCommonJs();
register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
