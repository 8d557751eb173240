import type { ScopeValue } from '../policy/claims/claim-path.ts';
import type { Scope } from '../policy/scopes/scope.ts';
import { isKnown, prepareDigest, textDigest } from './text-digest.ts';

/** Scope names that a policy may not use, because the service tags with them itself. */
export const RESERVED_SCOPES: ReadonlySet<string> = new Set(['route', 'url', 'type', 'edge']);

/** As many keys as Fastly's API purges in one call. */
export const MAX_PURGED_KEYS = 256;
/** A key that can be purged: printable ASCII without blanks, at most 1,024 bytes. */
export const PURGEABLE_KEY = /^[\u0021-\u007e]{1,1024}$/;

/** Values that stand in a surrogate key as they are. A `~` in front is kept for hashes, so no value can fake one. */
const PLAIN_VALUE = /^[A-Za-z0-9._-][A-Za-z0-9._~-]{0,63}$/;

/**
 * A scope's values, by a rule that a back end can follow without asking:
 * - one value that matches `[A-Za-z0-9._-][A-Za-z0-9._~-]{0,63}`: `<scope>:<value>`;
 * - any other single value: `<scope>:~<hash of the value>`;
 * - several values: `<scope>:~<hash of the array>`. A set is an array too: alone it is hashed as that array, else it is an array in the array.
 */
export function surrogateKey(scope: string, values: readonly ScopeValue[]): string {
  const hashed = hashedText(values);
  return hashed === null ? `${scope}:${values[0]}` : `${scope}:~${textDigest(hashed)}`;
}

/** What has to be hashed for the key of these values, and was not yet. */
export function unknownHash(values: readonly ScopeValue[]): string | null {
  const hashed = values.length === 0 ? null : hashedText(values);
  return hashed === null || isKnown(hashed) ? null : hashed;
}

/** What stands in a key as a hash; null: the one value stands there as it is. */
function hashedText(values: readonly ScopeValue[]): string | null {
  // The number 42 and the string "42" give the same key: a purge may match too much, a cache key never does.
  const only = values.length === 1 ? values[0] : undefined;
  if (only === undefined) return JSON.stringify(values);
  return typeof only !== 'object' && PLAIN_VALUE.test(String(only)) ? null : JSON.stringify(only);
}

/**
 * How many values a purge of a scope may name: those of the claims, which is all that a person has there, or those of claims and parts. A scope
 * without claims has its parts alone.
 */
export function valueCounts({ claims, parts }: Pick<Scope, 'claims' | 'parts'>): readonly number[] {
  if (claims.length === 0) return [parts.length];
  return parts.length === 0 ? [claims.length] : [claims.length, claims.length + parts.length];
}

/** An id stands in a key as it is, behind the type: none with a `~` in front. */
const PLAIN_ID = /^[\u0021-\u007d][\u0021-\u007e]{0,127}$/;

/**
 * An entity of a GraphQL type: `type:<name>:<id>`. An id with blanks, non-ASCII, more than 128 characters or a leading `~`:
 * `type:<name>:~<hash of the id>`.
 */
export function entityKey(type: string, id: string): string {
  // A name of a type has no colon, and no scope is called `type`: it is no other key's name.
  const prefix = surrogateKey('type', [type]);
  return PLAIN_ID.test(id) ? `${prefix}:${id}` : `${prefix}:~${hash(id)}`;
}

/** Entities of a type that are not listed one by one, and those on their way: `type:<name>:~`. A purge of one entity purges this too. */
export function anyEntityKey(type: string): string {
  return `${surrogateKey('type', [type])}:~`;
}

/** What a purge of an entity purges. */
export function entityPurgeKeys(type: string, id: string): readonly string[] {
  return [entityKey(type, id), anyEntityKey(type)];
}

/** All that a route stored: `route:<name>`. */
export function routeKey(routeName: string): string {
  return `route:${routeName}`;
}

/** All keys of one response, separated by blanks; the platform refuses more. */
const MAX_FIELD_BYTES = 16_383;

/** Ours and then the origin's, each once, as many as the platform takes. */
export function allKeys(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const keys: string[] = [];
  let length = 0;
  for (const key of new Set([...ours, ...theirs])) {
    length += key.length + 1;
    if (length > MAX_FIELD_BYTES) break;
    keys.push(key);
  }
  return keys;
}

/** A surrogate key has no white space and at most 1,024 bytes; well below that, the text itself is the key. */
/** A longer one, host and path, is hashed. */
export const MAX_PLAIN_URL = 512;
const PLAIN_URL = /^[\u0021-\u007e]{1,512}$/;

/** A URL, whatever its query: `url:<host><path>`, with the path in normal form; above 512 characters `url:~<hash>`. Unsafe requests invalidate by it. */
export function urlKey(host: string, path: string): string {
  const text = `${host}${path}`;
  return PLAIN_URL.test(text) ? `url:${text}` : `url:~${hash(text)}`;
}

/** Has the host make the hashes of {@link urlKeys}: of a long URL one costs in JavaScript what many requests do. */
export async function prepareUrlKeys(host: string, paths: readonly string[]): Promise<void> {
  for (let i = 0; i < paths.length; i++) {
    const text = host + paths[i];
    if (text.length > MAX_PLAIN_URL) await prepareDigest(JSON.stringify(text));
  }
}

/** The keys of several spellings of a path, each once. */
export function urlKeys(host: string, paths: readonly string[]): readonly string[] {
  const keys: string[] = [];
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i] as string;
    if (paths.indexOf(path) === i) keys.push(urlKey(host, path));
  }
  return keys;
}

function hash(value: unknown): string {
  return textDigest(JSON.stringify(value));
}
