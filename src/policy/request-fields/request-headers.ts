import type { RequestFields } from '../policy.ts';
import type { PolicyInput } from '../routes/route.ts';
import { cgiName, isPlain } from './cgi-name.ts';

/** Which fields of a client go further than to the edge. */
export function compileRequestFields(input: PolicyInput): RequestFields {
  const { allow = [], drop = [] } = input.requestHeaders ?? {};
  const names = drop.map((name) => name.toLowerCase());
  return {
    // What the policy reads itself under a name with other characters comes in under that spelling.
    allow: new Set([
      ...allow.map((name) => name.toLowerCase()),
      ...readFields(input)
        .map(({ name }) => name)
        .filter((name) => !isPlain(name)),
    ]),
    drop: new Set([
      ...ownFields(input).map(({ name }) => cgiName(name)),
      ...names.filter((name) => !name.endsWith('*')),
    ]),
    dropBeginnings: names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1)),
  };
}

/** A field, in lower case, and where the policy names it. */
export interface NamedField {
  readonly name: string;
  readonly at: string;
}

const named = (name: string, at: string): NamedField => ({ name: name.toLowerCase(), at });

/** Fields of a client that the policy reads: credentials, parts of scopes, variants. */
export function readFields(input: PolicyInput): readonly NamedField[] {
  return [
    ...Object.entries(input.providers ?? {}).flatMap(([provider, { credentials = [] }]) =>
      credentials.flatMap((place, i) =>
        'header' in place ? [named(place.header, `providers.${provider}.credentials.${i}.header`)] : [],
      ),
    ),
    ...Object.entries(input.scopes ?? {}).flatMap(([scope, { parts = [] }]) =>
      parts.flatMap((part, i) =>
        'header' in part ? [named(part.header, `scopes.${scope}.parts.${i}.header`)] : [],
      ),
    ),
    ...Object.entries(input.routes).flatMap(([route, { vary = [] }]) =>
      vary.map((name, i) => named(name, `routes.${route}.vary.${i}`)),
    ),
  ];
}

/** Fields that only the edge may set towards an origin. */
export function ownFields(input: PolicyInput): readonly NamedField[] {
  return [
    ...Object.entries(input.routes).flatMap(([route, { forwardClaims = {} }]) =>
      Object.keys(forwardClaims).map((name) => named(name, `routes.${route}.forwardClaims`)),
    ),
    ...Object.entries(input.origins).flatMap(([origin, { lock }]) =>
      lock === undefined ? [] : [named(lock.header, `origins.${origin}.lock`)],
    ),
    ...(input.clientAddress?.headers ?? []).map((name, i) => named(name, `clientAddress.headers.${i}`)),
  ];
}
