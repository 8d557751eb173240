import type { Cookies } from '../../http/cookies.ts';
import { matchesGlob } from '../../http/name-pattern.ts';
import { walkClaims } from '../../policy/claims/claim-value.ts';
import type { PackedCookie } from '../../policy/providers/cookie-formats.ts';
import { parseToken } from '../parse-token.ts';
import { decodedObject, jsonObject } from '../strict-json.ts';
import { SIGNED, type TokenReader } from '../token-memory.ts';
import type { PackedCookies, SentTogether } from './packed.ts';

/** More than the longest session that `limits.tokenBytes` lets in comes in. */
const MAX_CHUNKS = 24;
/** As `@supabase/ssr` begins what it has encoded. */
const SUPABASE = 'base64-';

const packedCookies: PackedCookies = { find, reader };

export default packedCookies;

/**
 * The cookies that are one credential together, in one pass over all of them: the one that the name or pattern means, or its chunks, each
 * behind the other from 0 on. A chunk that is missing, empty, out of its order or oddly numbered makes it `malformed`; a second cookie that
 * is meant, whole or in chunks, `ambiguous`, and so does one that was sent twice with two values.
 */
function find(cookies: Cookies, { glob }: PackedCookie): SentTogether {
  let found: string | null = null;
  let isWhole = false;
  let text = '';
  const names: string[] = [];
  for (const [name, values] of cookies) {
    const dot = chunkDot(name);
    const isChunk = dot > 0 && matchesGlob(glob, name.slice(0, dot));
    if (!isChunk && !matchesGlob(glob, name)) continue;
    const base = isChunk ? name.slice(0, dot) : name;
    if (found !== null && (found !== base || isWhole || !isChunk)) return 'ambiguous';
    const [value = ''] = values;
    if (values.length > 1 && values.some((other) => other !== value)) return 'ambiguous';
    // At once: hundreds of cookies cost no more than those that are read.
    if (names.length === MAX_CHUNKS) return 'malformed';
    if (isChunk && name.slice(dot + 1) !== String(names.length)) return 'malformed';
    if (names.length > 0 && (value === '') !== (text === '')) return 'malformed';
    found = base;
    isWhole = !isChunk;
    names.push(name);
    text += value;
  }
  if (found === null) return null;
  // A logout that sets the cookie to nothing leaves nobody behind.
  return text === '' ? null : { text, source: { kind: 'cookies', name: found, names } };
}

/** Where the number of a chunk begins, in whatever spelling; -1 where the name has none. */
function chunkDot(name: string): number {
  const dot = name.lastIndexOf('.');
  const next = dot < 0 ? 0 : name.charCodeAt(dot + 1);
  return next >= 0x30 && next <= 0x39 ? dot : -1;
}

function reader(source: PackedCookie): TokenReader {
  const { format } = source;
  if (format.kind === 'chunked') return SIGNED;
  return {
    name: `${format.kind}:${JSON.stringify(format.path)} `,
    parse(text) {
      const found = token(text, source);
      return found === null ? null : parseToken(found);
    },
  };
}

/** The token in what was put together; null where there is none. */
function token(text: string, { format }: PackedCookie): string | null {
  if (format.kind === 'chunked') return text;
  const object = format.kind === 'supabase' ? ofSupabase(text) : jsonObject(plain(text));
  const found = object === null ? null : walkClaims(object, format.path);
  return typeof found === 'string' && found !== '' ? found : null;
}

function ofSupabase(text: string): Record<string, unknown> | null {
  return text.startsWith(SUPABASE) ? decodedObject(text.slice(SUPABASE.length)) : null;
}

/** Most libraries percent-encode a cookie's value. */
function plain(text: string): string {
  if (text.startsWith('{')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
