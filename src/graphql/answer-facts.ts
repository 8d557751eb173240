import type { NamedFields } from '../http/fields.ts';
import { gunzip } from '../http/gunzip.ts';
import { type CacheHints, cacheHints } from './cache-hints.ts';

/** What an answer is, as far as storing it goes. */
export type AnswerFacts =
  /** Names of types in it, as its `__typename` members say. */
  | { readonly kind: 'data'; readonly types: readonly string[]; readonly hints: CacheHints }
  | { readonly kind: 'errors' }
  /** Not JSON, or not the whole answer. */
  | { readonly kind: 'unseen' };

const UNSEEN: AnswerFacts = { kind: 'unseen' };
export const JSON_TYPE = /^application\/(?:graphql-response\+)?json\s*(?:;|$)/i;
/** An answer of more types than these is not looked into further. */
const MAX_TYPES = 200;

/** Looks into an answer of at most `limitBytes`, unpacked: a short body may unpack to a long one. */
export async function readAnswer(
  headers: NamedFields,
  bytes: Uint8Array,
  limitBytes: number,
): Promise<AnswerFacts> {
  const read = await plainJson(headers, bytes, limitBytes);
  return read === null ? UNSEEN : answerFacts(read);
}

/** What an answer is, of what {@link plainJson} has read. */
export function answerFacts({ answer, text }: PlainJson): AnswerFacts {
  if ('errors' in answer && answer.errors !== null) return { kind: 'errors' };
  // `hasNext`: the first part of several.
  if (!('data' in answer) || typeof answer.data !== 'object' || answer.data === null || 'hasNext' in answer)
    return UNSEEN;
  const types = typesIn(text);
  const hints = cacheHints(answer);
  return types === null || hints === null ? UNSEEN : { kind: 'data', types, hints };
}

export interface PlainJson {
  readonly answer: object;
  readonly text: string;
}

/** An answer of JSON, unpacked; null: it is something else, or longer. */
export async function plainJson(
  headers: NamedFields,
  bytes: Uint8Array,
  limitBytes: number,
): Promise<PlainJson | null> {
  if (!JSON_TYPE.test(headers.get('content-type')?.trim() ?? '')) return null;
  try {
    const plain = await unpacked(headers.get('content-encoding'), bytes, limitBytes);
    if (plain === null) return null;
    const text = new TextDecoder().decode(plain);
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? { answer, text } : null;
  } catch {
    return null;
  }
}

/**
 * The names that `__typename` members give, each once: the search goes on behind the first place of each for another name, so that
 * a list of ten thousand costs one step. In the text of a string the quotes would be escaped: only a real member matches.
 */
function typesIn(text: string): readonly string[] | null {
  const found: string[] = [];
  for (let at = 0; found.length <= MAX_TYPES; ) {
    const others = found.length === 0 ? '' : `(?!(?:${found.join('|')})")`;
    const typename = new RegExp(`"__typename"\\s*:\\s*"${others}([_A-Za-z][_0-9A-Za-z]*)"`, 'g');
    typename.lastIndex = at;
    const [, name] = typename.exec(text) ?? [];
    if (name === undefined) return found;
    found.push(name);
    at = typename.lastIndex;
  }
  return null;
}

async function unpacked(
  encoding: string | null,
  bytes: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array | null> {
  const coding = encoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'identity' || coding === '') return bytes;
  return coding === 'gzip' || coding === 'x-gzip' ? gunzip(bytes, limitBytes) : null;
}
