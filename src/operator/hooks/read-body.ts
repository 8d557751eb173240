import { equalBytes } from '../../crypto/equal.ts';
import type { ReadonlyFields } from '../../http/fields.ts';
import { hasDuplicateMembers } from '../../identity/json-members.ts';
import { malformed } from '../parse-request.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json[ \t]*(?:;|$)/i;
const STRINGS = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/g;
/** Rich text nests deep; nobody's nests deeper, and a walk of all members has to end. */
const MAX_NESTING = 200;

/**
 * The JSON of a delivery whose signature was right.
 *
 * @throws {EdgeError} ERR_REQUEST_MALFORMED where it is no JSON, or can be read in two ways.
 */
export function readHookBody(bytes: Uint8Array, headers: ReadonlyFields): unknown {
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) throw malformed('the content type is not JSON');
  const coding = headers.get('content-encoding') ?? 'identity';
  if (coding.toLowerCase() !== 'identity') throw malformed('the body has a content coding');
  const text = new TextDecoder().decode(bytes);
  if (!isUtf8(text, bytes)) throw malformed('the body is not UTF-8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw malformed('the body is not JSON');
  }
  if (isTooDeep(text)) throw malformed(`the body nests deeper than ${MAX_NESTING}`);
  if (hasDuplicateMembers(text, body)) throw malformed('the body has a member twice');
  return body;
}

/** U+FFFD stands where the bytes were none, or where the sender has written it. */
function isUtf8(text: string, bytes: Uint8Array): boolean {
  return !text.includes('\ufffd') || equalBytes(new TextEncoder().encode(text), bytes);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const bracket of text.replace(STRINGS, '').match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}
