import { entityTypes } from '../../src/keys/entity-types.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';
import { argumentScopeValue, lineValues } from './parse-value.ts';
import { readLines } from './read-values.ts';
import { givenKey, keyOfRoute, keyOfScope, keysOfEntity } from './targets.ts';

export interface PurgeArguments {
  readonly scope: string | undefined;
  readonly values: readonly string[];
  readonly key?: readonly string[];
  readonly route?: readonly string[];
  readonly file?: string;
  readonly typed?: boolean;
}

/**
 * Every surrogate key that a command line names, each once, in order. All of them are read before the first is
 * purged: a mistake in the last line of a file purges nothing.
 *
 * @throws {CliError} CLI_USAGE, CLI_INPUT.
 */
export async function collectKeys(
  wanted: PurgeArguments,
  policy: Policy | null,
  world: World,
): Promise<ReadonlySet<string>> {
  const { scope, values, file, typed = false } = wanted;
  const keys = new Set<string>();
  const isEntity = policy !== null && scope !== undefined && entityTypes(policy).includes(scope);
  for (const key of wanted.key ?? []) keys.add(givenKey(key));
  for (const name of wanted.route ?? []) keys.add(keyOfRoute(name, policy));
  if (scope !== undefined && values.length > 0) {
    const given = values.map((text) => argumentScopeValue(text, typed));
    const named = isEntity
      ? given.flatMap((id) => keysOfEntity(scope, id))
      : [keyOfScope(scope, given, policy)];
    for (const key of named) keys.add(key);
  }
  if (file !== undefined) {
    if (scope === undefined) {
      throw new CliError(
        'CLI_USAGE',
        '--file has values, but of which scope?',
        'Name it: claimcache purge user --file F',
      );
    }
    for await (const { text, line } of readLines(file, world)) {
      const where = `${file}, line ${line}: `;
      const given = lineValues(text, typed, where);
      const [id = ''] = given;
      const isOne = isEntity && given.length === 1;
      const named = isOne ? keysOfEntity(scope, id, where) : [keyOfScope(scope, given, policy, where)];
      for (const key of named) keys.add(key);
    }
  }
  if (scope !== undefined && values.length === 0 && file === undefined) {
    throw new CliError(
      'CLI_USAGE',
      `No value of the scope "${scope}".`,
      `Give it: claimcache purge ${scope} 42`,
    );
  }
  return keys;
}
