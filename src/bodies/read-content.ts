import { digestOfBytes } from '../crypto/digest.ts';
import { stillBytes } from '../crypto/still-bytes.ts';
import type { ReadonlyFields } from '../http/fields.ts';
import { isTooDeep } from '../http/json-depth.ts';
import { forbidsTransform } from '../http/no-transform.ts';
import type { BodyRule } from '../policy/routes/body-rule.ts';
import type { Content, UnkeyedBody } from './content.ts';
import { canonicalJson, parseExactJson } from './exact-json.ts';
import { decodeBody, jsonTypeOf } from './json-body.ts';

/** They change what a body means (RFC 9110 section 8), and are no part of the key. */
const MORE_FIELDS = ['content-encoding', 'content-language', 'content-location', 'content-range'];
/**
 * RFC 9110 section 8.3.1, its parameters too. Two fields are joined by a comma, and match only within one quoted text. A blank belongs to one part of
 * it alone: otherwise a field of eighty characters takes minutes.
 */
const MEDIA_TYPE =
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:[\t ]*;(?:[\t ]*[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*"))?)*$/;
/** What a body of the largest size can hold takes so long to look at, and no longer. */
const JSON_LIMITS = { sorted: 20_000, longNumbers: 10_000 };

/**
 * What there is of a body for the key: as JSON in its one spelling (RFC 8785), or as it came.
 *
 * @param readBody - Called where the headers do not decide alone; null: it is longer, or not there.
 */
export async function readContent(
  { form, maxBytes }: BodyRule,
  { method, headers }: { readonly method: string; readonly headers: ReadonlyFields },
  readBody: (limitBytes: number) => Promise<Uint8Array | null>,
): Promise<Content> {
  if (MORE_FIELDS.some((name) => headers.has(name))) return unkeyed('fields');
  const mediaType = form === 'json' ? jsonTypeOf(headers) : headers.get('content-type');
  if (mediaType === null ? form === 'json' : !MEDIA_TYPE.test(mediaType)) return unkeyed('media-type');
  const sent = await readBody(maxBytes);
  if (sent === null || sent.byteLength === 0) return unkeyed('length');
  let bytes = sent;
  if (form === 'json') {
    const text = isTooDeep(sent) ? null : decodeBody(sent);
    const canonical = text === null ? null : canonicalOf(text);
    if (canonical === null) return unkeyed('json');
    if (canonical !== text) {
      if (forbidsTransform(headers.get('cache-control'))) return unkeyed('no-transform');
      bytes = new TextEncoder().encode(canonical);
    }
  }
  const digest = JSON.stringify([method, mediaType, await digestOfBytes(stillBytes(bytes))]);
  return { kind: 'keyed', method, mediaType, bytes, digest };
}

function canonicalOf(text: string): string | null {
  const value = parseExactJson(text, JSON_LIMITS.longNumbers);
  const canonical = value === undefined ? null : canonicalJson(value, JSON_LIMITS.sorted);
  // Half of a surrogate pair is no character: what is read in it differs (RFC 8785 section 3.2.2.2).
  return canonical === null || hasHalfPair(canonical) ? null : canonical;
}

/** `JSON.stringify` writes such a half as an escape, and no other character with those digits. */
function hasHalfPair(json: string): boolean {
  return json.includes('\\ud') && /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/.test(json);
}

function unkeyed(why: UnkeyedBody): Content {
  return { kind: 'unkeyed', why };
}
