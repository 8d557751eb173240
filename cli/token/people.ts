import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JWTPayload } from 'jose';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import { CliError } from '../base/cli-error.ts';

/** Test people by name, each with the claims of their tokens: `people.json` beside the local secrets. */
export function readPeople(secretsFolder: string): Readonly<Record<string, JWTPayload>> {
  try {
    const people: unknown = JSON.parse(readFileSync(path.join(secretsFolder, 'people.json'), 'utf8'));
    return typeof people === 'object' && people !== null ? (people as Record<string, JWTPayload>) : {};
  } catch {
    return {};
  }
}

/**
 * The claims of a person: those of `people.json`, or where there are none the name is the subject.
 *
 * @throws {CliError} CLI_USAGE for a name that is not among them.
 */
export function claimsOf(name: string | undefined, people: Readonly<Record<string, JWTPayload>>): JWTPayload {
  const names = Object.keys(people);
  const chosen = name ?? names[0] ?? 'test-user';
  if (names.length === 0) return { sub: chosen };
  const claims = Object.hasOwn(people, chosen) ? people[chosen] : undefined;
  if (claims !== undefined) return claims;
  throw new CliError(
    'CLI_USAGE',
    `Nobody is called ${JSON.stringify(chosen)} here.${didYouMean(chosen, names)}`,
    `There are ${names.join(', ')}. For anybody else: --claim sub=${chosen}`,
  );
}
