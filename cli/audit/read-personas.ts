import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Policy } from '../../src/policy/policy.ts';
import { CliError } from '../base/cli-error.ts';
import type { World } from '../base/world.ts';
import { isJwt, readCredential } from './read-credential.ts';
import type { Persona, Personas } from './types.ts';
import { type UsersFile, usersProblems } from './users-schema.ts';

export const ANONYMOUS: Persona = {
  name: 'anonymous',
  kind: 'anonymous',
  credential: {},
  second: null,
  jwt: null,
  markers: [],
  groups: new Map(),
};

export interface ReadPersonas {
  readonly personas: Personas;
  readonly paths: readonly string[];
  readonly remarks: readonly string[];
}

/**
 * Everybody as whom the site is asked, of users.json.
 *
 * @throws {CliError} CLI_INPUT, with every fault of the file.
 */
export function readPersonas(file: string, world: World, policy: Policy): ReadPersonas {
  const absolute = path.resolve(world.cwd, file);
  const input = readUsersFile(absolute, file);
  const users = input.users.map((user) => personaOf(user, path.dirname(absolute), world));
  const groupMarkers = new Map(Object.entries(input.groups).map(([name, group]) => [name, group.markers]));
  const editor = editorOf(input, path.dirname(absolute), world, policy);
  const problems = [
    ...duplicates(users.map(({ name }) => name)).map((name) => `users: two are named ${name}`),
    ...users.flatMap(({ name, credential, second }) =>
      second !== null && JSON.stringify(second) === JSON.stringify(credential)
        ? [`${name}.second: is the same credential; it has to be another one of the same person`]
        : [],
    ),
    ...[...groupMarkers.keys()]
      .filter((group) => !users.some(({ groups }) => [...groups.values()].includes(group)))
      .map((group) => `groups.${group}: no user is in that group`),
    ...ambiguous([...users, editor], groupMarkers),
  ];
  if (problems.length > 0) throw unusable(file, problems);
  return {
    personas: { anonymous: ANONYMOUS, users, editor, groupMarkers },
    paths: input.paths,
    remarks: remarks(users),
  };
}

function readUsersFile(absolute: string, file: string): UsersFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(absolute, 'utf8'));
  } catch (cause) {
    // The message of JSON.parse quotes the text.
    const why = cause instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    throw new CliError('CLI_INPUT', `${file} ${why}.`, 'docs/how-to/audit.md has the format of the file.');
  }
  const parsed = usersProblems(json);
  if ('problems' in parsed) throw unusable(file, parsed.problems);
  return parsed.file;
}

function unusable(file: string, problems: readonly string[]): CliError {
  const list = problems.map((problem) => `\n  ${problem}`).join('');
  return new CliError(
    'CLI_INPUT',
    `${file} cannot be used:${list}`,
    'docs/how-to/audit.md has the format of the file.',
  );
}

function personaOf(user: UsersFile['users'][number], folder: string, world: World): Persona {
  const { name, second, group, markers } = user;
  const { headers, token } = readCredential(user, name, folder, world);
  return {
    name,
    kind: 'user',
    credential: headers,
    second: second === undefined ? null : readCredential(second, `${name}.second`, folder, world).headers,
    jwt: token !== null && isJwt(token) ? token : null,
    markers,
    groups: new Map(typeof group === 'string' ? [['*', group]] : Object.entries(group ?? {})),
  };
}

/** Without one of the file: somebody who forged the session cookie. The lanes are the same, there are just no drafts to see. */
function editorOf({ editor }: UsersFile, folder: string, world: World, { cms }: Policy): Persona {
  const { names, globs } = cms.cookies;
  const name = [...names][0] ?? globs[0]?.join('audit');
  const forged = name === undefined ? {} : { cookie: `${name}=claimcache-audit` };
  return {
    ...ANONYMOUS,
    name: 'editor',
    kind: 'editor',
    credential: editor === undefined ? forged : readCredential(editor, 'editor', folder, world).headers,
    markers: editor?.markers ?? [],
  };
}

/** A marker that is part of another's: each page of the one would be taken for a page of the other. */
function ambiguous(people: readonly Persona[], groupMarkers: Personas['groupMarkers']): string[] {
  const all = [
    ...people.flatMap(({ name, markers }) =>
      markers.map((marker, i) => ({ who: `${name}.markers[${i}]`, of: name, marker })),
    ),
    ...[...groupMarkers].flatMap(([name, markers]) =>
      markers.map((marker, i) => ({ who: `groups.${name}.markers[${i}]`, of: `group ${name}`, marker })),
    ),
  ];
  return all.flatMap((a) =>
    all
      .filter((b) => a !== b && a.of !== b.of && b.marker.includes(a.marker))
      .map((b) => `${a.who}: is part of ${b.who}, so that nobody can tell whose page it is`),
  );
}

function remarks(users: readonly Persona[]): string[] {
  const mute = users.filter(({ markers }) => markers.length === 0).map(({ name }) => name);
  return [
    ...(users.length === 1 ? ['Only one user is named: nothing is proven between two users.'] : []),
    ...(mute.length > 0
      ? [
          `No markers are given for ${mute.join(', ')}: a leak of a page that never changes would not be seen.`,
        ]
      : []),
  ];
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
}
