import { CliError } from '../cli/base/cli-error.ts';
import { loadPolicy } from '../cli/base/load-policy.ts';
import { policyWarnings } from '../src/policy/warnings.ts';
import { root } from './root.ts';

/** Refuses a policy that must not be deployed: one line for each problem, exit status 1. */
try {
  const { input } = await loadPolicy(undefined, root);
  for (const warning of policyWarnings(input)) console.warn(`Warning: ${warning}`);
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
