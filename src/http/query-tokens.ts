import { decodePercent } from './percent.ts';

/** A query without its tokens. */
interface WithheldTokens {
  readonly query: string;
  /** By the name of their parameter, decoded; null: several, or one that some would read and others not. */
  readonly tokens: ReadonlyMap<string, string | null>;
}

/** Parameters in the query that are tokens. In a service whose policy has none the build puts `absent-query-tokens.ts` in its place. */
export interface QueryTokens {
  /** null: there is none. */
  withhold(query: string, names: readonly string[]): WithheldTokens | null;
  /** A URL without them: of the page that links to this one, say. */
  withoutTokens(url: string, names: readonly string[]): string;
  /** A target with a token in its query. */
  withToken(target: string, name: string, token: string | null | undefined): string;
}

/** An honest name is not encoded as often. */
const MAX_ENCODINGS = 6;

const queryTokens: QueryTokens = { withhold, withoutTokens, withToken };

export default queryTokens;

/**
 * Takes parameters of these names out of a query, in every spelling in which somebody may read them: encoded, once or more often; behind a
 * `;`; with blanks around the name; as an array, `token[]`. Upper and lower case are told apart. Everything else stays byte for byte. Linear in time.
 */
function withhold(query: string, names: readonly string[]): WithheldTokens | null {
  const tokens = new Map<string, string | null>();
  const kept: string[] = [];
  for (const parameter of query.split('&')) {
    if (!parameter.includes(';')) {
      const name = nameIn(parameter, names);
      if (name === null) kept.push(parameter);
      else add(tokens, name, isPlain(parameter, name) ? valueIn(parameter) : null);
      continue;
    }
    const rest: string[] = [];
    for (const part of parameter.split(';')) {
      const name = nameIn(part, names);
      if (name === null) rest.push(part);
      // Who separates by `&` alone reads another value than who separates by both.
      else add(tokens, name, null);
    }
    if (rest.length > 0) kept.push(rest.join(';'));
  }
  return tokens.size === 0 ? null : { query: kept.join('&'), tokens };
}

/** Which of these a parameter may be read as. */
function nameIn(parameter: string, names: readonly string[]): string | null {
  const equals = parameter.indexOf('=');
  let name = (equals < 0 ? parameter : parameter.slice(0, equals)).replaceAll('+', ' ');
  for (let i = 0; i < MAX_ENCODINGS && name.includes('%'); i++) {
    const decoded = decodePercent(name);
    if (decoded === name) break;
    name = decoded;
  }
  name = baseOf(name);
  return names.includes(name) ? name : null;
}

/** Without what some trim, and up to where others end a name: `token[]` is `token` to many, and PHP ends one at a NUL. */
function baseOf(name: string): string {
  let start = 0;
  while (start < name.length && !isVisible(name.charCodeAt(start))) start++;
  let end = start;
  while (end < name.length && isVisible(name.charCodeAt(end)) && !'=&;['.includes(name[end] ?? '')) end++;
  return name.slice(start, end);
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Whether every reader of queries finds it under that name, with that value. */
function isPlain(parameter: string, name: string): boolean {
  const equals = parameter.indexOf('=');
  return decodePercent(equals < 0 ? parameter : parameter.slice(0, equals)) === name;
}

function valueIn(parameter: string): string {
  const equals = parameter.indexOf('=');
  return equals < 0 ? '' : decodePercent(parameter.slice(equals + 1).replaceAll('+', ' '));
}

function add(tokens: Map<string, string | null>, name: string, value: string | null): void {
  tokens.set(name, tokens.has(name) ? null : value);
}

function withoutTokens(url: string, names: readonly string[]): string {
  const mark = url.indexOf('?');
  const withheld = mark < 0 ? null : withhold(url.slice(mark + 1), names);
  if (withheld === null) return url;
  return withheld.query === '' ? url.slice(0, mark) : `${url.slice(0, mark)}?${withheld.query}`;
}

function withToken(target: string, name: string, token: string | null | undefined): string {
  if (token === null || token === undefined) return target;
  return `${target}${target.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(token)}`;
}
