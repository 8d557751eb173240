import path from 'node:path';
import { tsImport } from 'tsx/esm/api';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import { policyWarnings } from '../policy/warnings.ts';
import { matchersSource } from '../routing/matchers.ts';
import { readPolicy } from './read-policy.ts';

export interface EvaluatedPolicy {
  readonly policy: Policy;
  /** Its patterns as the source of an expression: code that rou3's compiler writes. */
  readonly matchers: string;
  /** What may be meant, and should be known. */
  readonly warnings: readonly string[];
}

/**
 * The policy as it stands in a file now, compiled.
 *
 * @param file - Absolute; TypeScript, or JavaScript.
 * @throws {PolicyFileError} where it cannot be read, {PolicyError} where it is not valid: with code, path, value and fix.
 */
export async function evaluatePolicy(file: string): Promise<EvaluatedPolicy> {
  // It reads the file, and what that imports, anew each time: a build that watches sees what has changed.
  const load = (url: string) => tsImport(url, import.meta.url);
  const input = await readPolicy(file, path.relative(process.cwd(), file), load);
  return { ...evaluated(compilePolicy(input)), warnings: policyWarnings(input) };
}

export function evaluated(policy: Policy): EvaluatedPolicy {
  return {
    policy,
    matchers: matchersSource(policy)
      .replace(/^export default /, '')
      .replace(/;\s*$/, ''),
    warnings: [],
  };
}
