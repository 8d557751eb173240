#!/usr/bin/env node
// The TypeScript sources run as they are: the policy that the CLI reads is always the one you have just edited.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
