import type { CookieFormat } from '../policy/providers/cookie-formats.ts';
import type { SearchedSource } from '../policy/providers/credential-sources.ts';

/** Chunks of `@supabase/ssr` (3180) and of Auth.js (3936): no browser keeps more than 4096 bytes of a cookie. */
const CHUNK_LENGTH = { supabase: 3180, chunked: 3936, json: 3180 };

/** What a place of a cookie is called where it may be called many things. */
function cookieNameFor(
  source: Extract<SearchedSource, { glob: unknown } | { kind: 'cookie' }>,
  filling: string,
): string {
  return source.kind === 'cookie' ? source.name : source.glob.join(filling);
}

/** The `Cookie` field with a token as it is kept in cookies of that place. */
export function cookiesWith(
  token: string,
  source: Extract<SearchedSource, { glob: unknown } | { kind: 'cookie' }>,
  filling: string,
): string {
  const name = cookieNameFor(source, filling);
  if (source.kind !== 'packedCookie') return `${name}=${token}`;
  const text = packed(token, source.format);
  const length = CHUNK_LENGTH[source.format.kind];
  if (text.length <= length) return `${name}=${text}`;
  const chunks = Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
    text.slice(i * length, (i + 1) * length),
  );
  return chunks.map((chunk, i) => `${name}.${i}=${chunk}`).join('; ');
}

function packed(token: string, format: CookieFormat): string {
  if (format.kind === 'chunked') return token;
  const object = format.path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), token);
  if (format.kind === 'json') return encodeURIComponent(JSON.stringify(object));
  return `base64-${Buffer.from(JSON.stringify(object)).toString('base64url')}`;
}
