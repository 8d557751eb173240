import { compilePolicy } from '../src/policy/compile.ts';
import { PolicyError } from '../src/policy/policy-error.ts';
import { policyWarnings } from '../src/policy/warnings.ts';
import policy from '../src/policy.ts';

/** Refuses a policy that must not be deployed: one line for each problem, exit status 1. */
try {
  compilePolicy(policy);
  for (const warning of policyWarnings(policy)) console.warn(`Warning: ${warning}`);
} catch (error) {
  if (!(error instanceof PolicyError)) throw error;
  console.error('src/policy.ts must not be deployed:');
  for (const { code, path, value, mend } of error.issues) {
    console.error(`  ${code}  ${path || '(policy)'}  ${value}  ${mend}`);
  }
  process.exitCode = 1;
}
