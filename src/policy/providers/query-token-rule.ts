import type { Report } from '../policy-error.ts';
import type { ProvidersInput } from './provider.ts';

interface Sections {
  readonly providers?: ProvidersInput;
  readonly origins?: Readonly<Record<string, { readonly shield?: unknown }>>;
  readonly routes?: Readonly<Record<string, { readonly query?: unknown }>>;
  readonly ignoreQuery?: readonly string[];
}

/** Parameters of the query that providers take for tokens, each once. */
export function queryTokens(input: ProvidersInput = {}): readonly string[] {
  return [...new Set(placesIn(input).map(({ name }) => name))];
}

function placesIn(input: ProvidersInput) {
  return Object.entries(input).flatMap(([provider, { credentials = [] }]) =>
    credentials.flatMap((place, i) =>
      'query' in place
        ? [
            {
              name: place.query,
              forward: place.forward ?? false,
              at: `providers.${provider}.credentials.${i}`,
            },
          ]
        : [],
    ),
  );
}

/** What does not go together with a token in the query. */
export function queryTokenProblems(policy: Sections, report: Report): void {
  const { providers = {}, origins = {}, routes = {}, ignoreQuery = [] } = policy;
  const places = placesIn(providers);
  if (places.length === 0) return;
  const names = new Set(places.map(({ name }) => name));
  for (const { at, forward } of places) {
    if (!forward || Object.values(origins).every(({ shield }) => shield === undefined)) continue;
    const fix =
      'What a shield is asked for has no token in its URL, so that its origin could not get one: remove forward, or the shield.';
    report('POLICY_CONFLICT', `${at}.forward`, true, fix);
  }
  for (const [name, { query }] of Object.entries(routes)) {
    const setting = `routes.${name}.query`;
    if (query === 'verbatim') {
      const fix =
        'A provider looks for tokens in the query, which are taken out of it on every route: it could not go on as it came. Use a header or a cookie for tokens.';
      report('POLICY_UNSAFE', setting, query, fix);
    }
    if (!Array.isArray(query)) continue;
    for (const one of query) if (names.has(one)) reportTaken(setting, one, report);
  }
  for (const one of ignoreQuery) if (names.has(one)) reportTaken('ignoreQuery', one, report);
}

/** What may be meant, and should be known. */
export function queryTokenWarnings(providers: ProvidersInput = {}): readonly string[] {
  return placesIn(providers).map(
    ({ name, at }) =>
      `${at}: a URL with a token is kept in histories and logs before the edge: give it a short life and few rights. No page gets a parameter "${name}" any more, on whatever route.`,
  );
}

function reportTaken(setting: string, name: string, report: Report): void {
  const fix =
    'A provider takes this parameter for a token: it is never part of a key and reaches no origin. Remove it here.';
  report('POLICY_CONFLICT', setting, name, fix);
}
