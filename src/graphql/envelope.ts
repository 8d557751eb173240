import { canonicalJson, parseExactJson } from '../bodies/exact-json.ts';
import { competes, competesInBody, decodeParameter, hides, ID_MEMBERS, MEMBERS, nameIn } from './members.ts';

/** What a GraphQL request carries, of a POST and of a GET alike. */
export interface Envelope {
  /** The document as it was written. */
  readonly text: string | null;
  /** `extensions.persistedQuery.sha256Hash`: automatic persisted queries. */
  readonly hash: string | null;
  /** A trusted document, by the member that names it. */
  readonly id: { readonly member: (typeof ID_MEMBERS)[number]; readonly value: string } | null;
  readonly operationName: string | null;
  /** Canonical JSON. */
  readonly variables: string | null;
}

const HASH = /^[0-9a-f]{64}$/;

/**
 * The body of a POST. `batch`: several requests. null: not one GraphQL request that can be read in one way only. Members that
 * GraphQL does not know are left out, and reach no origin.
 */
export function bodyEnvelope(text: string): Envelope | 'batch' | null {
  const body = parseExactJson(text);
  if (Array.isArray(body)) return 'batch';
  return isObject(body) && !Object.keys(body).some(competesInBody) ? envelope(body) : null;
}

/** What the parameters of a GET say. */
export interface QueryEnvelope {
  /** null as with {@link bodyEnvelope}. */
  readonly envelope: Envelope | null;
  /** The parameters that are not GraphQL's, as they stand. */
  readonly rest: string;
  /** There is something of GraphQL, readable or not: an origin may execute it. */
  readonly speaks: boolean;
}

export function queryEnvelope(query: string): QueryEnvelope {
  const rest: string[] = [];
  const found = new Map<string, unknown>();
  let readable = true;
  let isClear = true;
  for (const text of query.split('&')) {
    const equals = text.indexOf('=');
    const name = decodeParameter(equals < 0 ? text : text.slice(0, equals));
    if (name === null || !MEMBERS.has(name)) {
      if (competes(name) || hides(text)) isClear = false;
      rest.push(text);
      continue;
    }
    const raw = equals < 0 ? '' : decodeParameter(text.slice(equals + 1));
    const isJson = name === 'variables' || name === 'extensions';
    const value = isJson && raw !== null ? (raw === '' ? null : parseExactJson(raw)) : raw;
    // Of two with one name one origin takes the first, the other the last.
    if (found.has(name) || hides(text)) isClear = false;
    if (raw === null || value === undefined) readable = false;
    found.set(name, value);
  }
  const isReadable = readable && isClear;
  return {
    envelope: isReadable ? envelope(Object.fromEntries(found)) : null,
    rest: rest.join('&'),
    speaks: found.size > 0 || !isClear,
  };
}

/**
 * Whether the URL of a POST carries what belongs into its body: there are servers that prefer it, and it could be a mutation.
 * A name of the operation is for the reader of a log, and part of the key.
 */
export function urlCompetes(query: string): boolean {
  if (query === '') return false;
  return query.split(/[&;]/).some((text) => {
    const name = nameIn(text);
    return name === null || (name !== 'operationName' && (MEMBERS.has(name) || competes(name)));
  });
}

function envelope(given: Readonly<Record<string, unknown>>): Envelope | null {
  const own = (name: string) => (Object.hasOwn(given, name) ? (given[name] ?? null) : null);
  const [text, operationName, variables, extensions] = [
    own('query'),
    own('operationName'),
    own('variables'),
    own('extensions'),
  ];
  const ids = ID_MEMBERS.flatMap((member) => {
    const value = own(member);
    return value === null ? [] : [{ member, value }];
  });
  const [id = null] = ids;
  const hash = hashOf(extensions);
  if (hash === undefined || ids.length > 1) return null;
  if (text !== null && typeof text !== 'string') return null;
  if (id !== null && (typeof id.value !== 'string' || id.value === '')) return null;
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (variables !== null && !isObject(variables)) return null;
  // Beside an identifier neither a text nor a hash: who knows which of them the origin executes.
  if (id === null ? (text ?? '') === '' && hash === null : text !== null || hash !== null) return null;
  const canonical = variables === null ? null : canonicalJson(variables);
  if (variables !== null && canonical === null) return null;
  return {
    text: text === '' ? null : text,
    hash,
    id: id === null ? null : { member: id.member, value: String(id.value) },
    operationName,
    variables: canonical,
  };
}

/** undefined: there is one that cannot be read. */
function hashOf(extensions: unknown): string | null | undefined {
  if (extensions === null) return null;
  if (!isObject(extensions)) return undefined;
  const persisted = Object.hasOwn(extensions, 'persistedQuery') ? extensions.persistedQuery : null;
  if (persisted === null || persisted === undefined) return null;
  if (!isObject(persisted) || persisted.version !== 1) return undefined;
  const hash = persisted.sha256Hash;
  return typeof hash === 'string' && HASH.test(hash) ? hash : undefined;
}

/** What goes to the origin: made new, so that nothing else in the request can change the answer. */
export function writeBody({ text, hash, id, operationName, variables }: Envelope): string {
  const members = [
    ...(text === null ? [] : [`"query":${JSON.stringify(text)}`]),
    ...(id === null ? [] : [`"${id.member}":${JSON.stringify(id.value)}`]),
    ...(operationName === null ? [] : [`"operationName":${JSON.stringify(operationName)}`]),
    ...(variables === null ? [] : [`"variables":${variables}`]),
    ...(hash === null ? [] : [`"extensions":${extensionsOf(hash)}`]),
  ];
  return `{${members.join(',')}}`;
}

/** The same as parameters. */
export function writeParameters({ text, hash, id, operationName, variables }: Envelope): string {
  const pairs: [string, string | null][] = [
    ['query', text],
    [id?.member ?? '', id?.value ?? null],
    ['operationName', operationName],
    ['variables', variables],
    ['extensions', hash === null ? null : extensionsOf(hash)],
  ];
  return pairs
    .flatMap(([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');
}

function extensionsOf(hash: string): string {
  return `{"persistedQuery":{"version":1,"sha256Hash":"${hash}"}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
