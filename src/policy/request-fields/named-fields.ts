/** A field, in lower case, and where the policy names it. */
export interface NamedField {
  readonly name: string;
  readonly at: string;
}

type Entries<T> = Readonly<Record<string, T>>;

/** What of a policy names request fields. */
export interface NamingFields {
  readonly origins: Entries<{ readonly lock?: { readonly header: string } }>;
  readonly providers?: Entries<{ readonly credentials?: readonly object[] }>;
  readonly scopes?: Entries<{ readonly parts?: readonly object[] }>;
  readonly cms?: { readonly headers?: readonly string[] };
  readonly routes: Entries<{
    readonly vary?: readonly string[];
    readonly variants?: { readonly languages?: readonly string[] };
    readonly forwardClaims?: Readonly<Record<string, unknown>>;
  }>;
}

const named = (name: string, at: string): NamedField => ({ name: name.toLowerCase(), at });

/** Fields of a client that the policy reads: markers of editors, credentials, parts of scopes, variants. */
export function readFields(policy: NamingFields): readonly NamedField[] {
  return [
    ...(policy.cms?.headers ?? []).map((name, i) => named(name, `cms.headers.${i}`)),
    ...keyedFields(policy),
  ];
}

/** Those by which entries differ. */
export function keyedFields({ providers = {}, scopes = {}, routes }: NamingFields): readonly NamedField[] {
  return [
    ...Object.entries(providers).flatMap(([provider, { credentials = [] }]) =>
      credentials.flatMap((place, i) => headerOf(place, `providers.${provider}.credentials.${i}.header`)),
    ),
    ...Object.entries(scopes).flatMap(([scope, { parts = [] }]) =>
      parts.flatMap((part, i) => headerOf(part, `scopes.${scope}.parts.${i}.header`)),
    ),
    ...Object.entries(routes).flatMap(([route, { vary = [], variants }]) => [
      ...vary.map((name, i) => named(name, `routes.${route}.vary.${i}`)),
      ...(variants?.languages === undefined
        ? []
        : [named('accept-language', `routes.${route}.variants.languages`)]),
    ]),
  ];
}

function headerOf(place: object, at: string): NamedField[] {
  return 'header' in place && typeof place.header === 'string' ? [named(place.header, at)] : [];
}

/** Fields that only the edge may set towards an origin, but for the client's address. */
export function setFields({ origins, routes }: NamingFields): readonly NamedField[] {
  return [
    ...Object.entries(routes).flatMap(([route, { forwardClaims = {} }]) =>
      Object.keys(forwardClaims).map((name) => named(name, `routes.${route}.forwardClaims`)),
    ),
    ...Object.entries(origins).flatMap(([origin, { lock }]) =>
      lock === undefined ? [] : [named(lock.header, `origins.${origin}.lock`)],
    ),
  ];
}
