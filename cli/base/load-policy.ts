import { existsSync } from 'node:fs';
import path from 'node:path';
import { PolicyFileError, readPolicy } from '../../src/build/read-policy.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { Policy, PolicyInput } from '../../src/policy/policy.ts';
import { PolicyError } from '../../src/policy/policy-error.ts';
import { CliError } from './cli-error.ts';
import { policyFileOf, projectFolder } from './project.ts';
import type { World } from './world.ts';

export interface LoadedPolicy {
  /** As it is told in messages. */
  readonly file: string;
  readonly absolute: string;
  readonly input: PolicyInput;
  readonly policy: Policy;
}

/**
 * The policy as it stands in the file now.
 *
 * @param file - Relative to `cwd`. Default: the policy of the service that `cwd` belongs to.
 * @param load - How modules are imported, where not by Node as it is: once in a process.
 * @throws {CliError} CLI_POLICY, with every problem of the policy in its message.
 */
export async function loadPolicy(
  file: string | undefined,
  cwd: string,
  load?: Parameters<typeof readPolicy>[2],
): Promise<LoadedPolicy> {
  const folder = projectFolder(cwd);
  const shown = file ?? policyFileOf(folder);
  const absolute = path.resolve(file === undefined ? folder : cwd, shown);
  if (!existsSync(absolute)) {
    throw new CliError(
      'CLI_POLICY',
      file === undefined ? `There is no service here: ${shown} is missing.` : `${shown} is not there.`,
      file === undefined
        ? 'Go to the folder of your service, make one with `claimcache init`, or name a policy: --policy FILE.'
        : 'Name a file that exists.',
    );
  }
  const input = await readPolicy(absolute, shown, load).catch((cause: unknown) => {
    if (!(cause instanceof PolicyFileError)) throw cause;
    throw new CliError('CLI_POLICY', cause.message, cause.fix, { cause });
  });
  try {
    return { file: shown, absolute, input, policy: compilePolicy(input) };
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new CliError('CLI_POLICY', `${shown} is not valid:\n${cause.message}`, 'Each line names its fix.', {
      cause,
    });
  }
}

/**
 * The policy where it compiles, so that names and counts can be checked. A purge goes on without it, except where it
 * was asked for by name: the deployed policy may be another one than the file that is being edited.
 */
export async function loadPolicyIfAny(
  file: string | undefined,
  world: Pick<World, 'cwd' | 'err'>,
): Promise<Policy | null> {
  try {
    return (await loadPolicy(file, world.cwd)).policy;
  } catch (error) {
    if (file !== undefined || !(error instanceof CliError)) throw error;
    world.err('warning: the policy does not compile, so names and numbers of values are not checked.\n');
    return null;
  }
}
