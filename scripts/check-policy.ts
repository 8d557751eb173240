import path from 'node:path';
import { compilePolicy } from '../src/policy/compile.ts';
import { PolicyError } from '../src/policy/policy-error.ts';
import { policyWarnings } from '../src/policy/warnings.ts';
import { PolicyFileError, readPolicy } from './read-policy.ts';
import { root } from './root.ts';

/** Refuses a policy that must not be deployed: one line for each problem, exit status 1. */
try {
  const policy = await readPolicy(path.join(root, 'src/policy.ts'), 'src/policy.ts');
  compilePolicy(policy);
  for (const warning of policyWarnings(policy)) console.warn(`Warning: ${warning}`);
} catch (error) {
  if (error instanceof PolicyError) {
    console.error('src/policy.ts must not be deployed:');
    for (const { code, path: at, value, mend } of error.issues) {
      console.error(`  ${code}  ${at || '(policy)'}  ${value}  ${mend}`);
    }
  } else if (error instanceof PolicyFileError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
