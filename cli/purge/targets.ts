import { namedValues } from '../../src/keys/canonical-set.ts';
import { entityTypes } from '../../src/keys/entity-types.ts';
import {
  entityPurgeKeys,
  PURGEABLE_KEY,
  routeKey,
  surrogateKey,
  valueCounts,
} from '../../src/keys/surrogate-key.ts';
import type { ScopeValue } from '../../src/policy/claims/claim-path.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { CliError } from '../base/cli-error.ts';
import { isWellFormed } from './well-formed.ts';

/** The keys named by `--key`. @throws {CliError} CLI_USAGE */
export function givenKey(key: string): string {
  if (PURGEABLE_KEY.test(key)) return key;
  throw new CliError(
    'CLI_USAGE',
    'A surrogate key is 1 to 1,024 printable ASCII characters without spaces.',
    'Name a scope and its value instead, and the key is made for you: claimcache purge user 42',
  );
}

/** The key of a route. @throws {CliError} CLI_USAGE where the policy has no such route. */
export function keyOfRoute(name: string, policy: Policy | null): string {
  if (
    policy !== null &&
    name !== policy.fallback.name &&
    ![...policy.routes].some((route) => route.name === name)
  ) {
    const known = [...policy.routes, policy.fallback].map((route) => route.name);
    throw new CliError(
      'CLI_USAGE',
      `The policy has no route "${name}".${didYouMean(name, known)}`,
      `Routes: ${known.join(', ')}.`,
    );
  }
  return givenKey(routeKey(name));
}

/** The keys of an entity of a GraphQL endpoint. `where` names the line of a file in an error. */
export function keysOfEntity(type: string, id: ScopeValue, where = ''): readonly string[] {
  const text = String(id);
  if (typeof id === 'object' || !isWellFormed(text)) {
    const fix = `Give one: claimcache purge ${type} 42`;
    throw new CliError('CLI_INPUT', `${where}An id of ${type} is one text.`, fix);
  }
  return entityPurgeKeys(type, text);
}

/** The key of a scope's values. `where` names the line of a file in an error. */
export function keyOfScope(
  scope: string,
  values: readonly ScopeValue[],
  policy: Policy | null,
  where = '',
): string {
  checkCount(scope, values.length, policy, where);
  for (const value of values.flat()) {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw new CliError(
        'CLI_INPUT',
        `${where}A number must be a safe integer.`,
        'Longer ids are strings: quote them.',
      );
    }
    if (typeof value === 'string' && !isWellFormed(value)) {
      throw new CliError('CLI_INPUT', `${where}A value is not well-formed text.`, 'Write it as UTF-8.');
    }
  }
  return givenKey(surrogateKey(scope, inOrder(scope, values, policy, where)));
}

/** With each set as the edge has it. Without a policy its order is what was given. */
function inOrder(
  scope: string,
  values: readonly ScopeValue[],
  policy: Policy | null,
  where: string,
): readonly ScopeValue[] {
  const known = policy?.scopes.get(scope);
  const named = known === undefined ? values : namedValues(known, values);
  if (named !== null) return named;
  throw new CliError(
    'CLI_INPUT',
    `${where}This scope has a set in another place, or of fewer members.`,
    `A set is a JSON array of its members: --typed '["admin","editor"]'.`,
  );
}

function typesText(policy: Policy): string {
  const types = entityTypes(policy);
  return types.length === 0 ? '' : ` Types with an id: ${types.join(', ')}.`;
}

function checkCount(scope: string, count: number, policy: Policy | null, where: string): void {
  if (policy === null) return;
  const known = policy.scopes.get(scope);
  if (known === undefined) {
    throw new CliError(
      'CLI_USAGE',
      `${where}The policy has no scope "${scope}".${didYouMean(scope, [...policy.scopes.keys()])}`,
      `Scopes: ${[...policy.scopes.keys()].join(', ') || 'none'}.${typesText(policy)}`,
    );
  }
  const counts = valueCounts(known);
  if (!counts.includes(count)) {
    const names = known.claims.map((path) => path.join('.')).join(', ');
    const [wanted = 0] = counts;
    throw new CliError(
      'CLI_USAGE',
      `${where}The scope "${scope}" has ${wanted} value${wanted === 1 ? '' : 's'} (${names}), not ${count}.`,
      counts.length === 1
        ? 'Give one value for each, in this order.'
        : `Give one value for each, in this order; or ${counts[1]} with its parts, for these parts alone.`,
    );
  }
}
