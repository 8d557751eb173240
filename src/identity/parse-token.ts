import { decode } from 'jose/base64url';
import { strictObject } from './strict-object.ts';

/** A compact JWS taken apart. Nothing of it is verified. */
export interface ParsedToken {
  /** The whole token as it was sent. */
  readonly text: string;
  readonly algorithm: string;
  readonly keyId: string | null;
  readonly type: string | null;
  readonly claims: Readonly<Record<string, unknown>>;
  /** ASCII of header and payload with the dot between: what was signed (RFC 7515 section 5.2). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array;
}

/**
 * Header parameters that change how a token has to be read (RFC 7515 section 4.1.11, RFC 7797, RFC 7516 section 4.1.3). Those that bring a
 * key or point to one (`jku`, `jwk`, `x5u`, `x5c`) are ignored: keys are the policy's alone.
 */
const REFUSED_PARAMETERS = ['crit', 'b64', 'zip'];

const ALPHABET = /^[A-Za-z0-9_-]+$/;
/** Last characters whose unused low bits are zero, for texts of length 2 and 3 modulo 4 (RFC 4648 section 3.5). */
const LAST_OF_TWO = /[AQgw]$/;
const LAST_OF_THREE = /[AEIMQUYcgkosw048]$/;

/**
 * Takes a compact JWS (RFC 7515 section 7.1) with a JSON object as payload apart, strictly: one spelling of base64url
 * only, so that no token has a second text; no member named twice; no parameter that changes how it is read.
 *
 * @returns null where the text is not such a token: ERR_TOKEN_MALFORMED.
 */
export function parseToken(text: string): ParsedToken | null {
  const [head = '', body = '', tail = '', ...rest] = text.split('.');
  if (rest.length > 0 || ![head, body, tail].every(isCanonical)) return null;
  const header = parseObject(head);
  if (header === null || REFUSED_PARAMETERS.some((name) => Object.hasOwn(header, name))) return null;
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || !isOptionalString(kid) || !isOptionalString(typ)) return null;
  const claims = parseObject(body);
  if (claims === null) return null;
  return {
    text,
    algorithm: alg,
    keyId: kid ?? null,
    type: typ ?? null,
    claims,
    signingInput: new TextEncoder().encode(`${head}.${body}`),
    signature: decode(tail),
  };
}

function isCanonical(part: string): boolean {
  if (!ALPHABET.test(part)) return false;
  const left = part.length % 4;
  if (left === 1) return false;
  return left === 0 || (left === 2 ? LAST_OF_TWO : LAST_OF_THREE).test(part);
}

function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function parseObject(part: string): Record<string, unknown> | null {
  try {
    return strictObject(new TextDecoder().decode(decode(part)));
  } catch {
    return null;
  }
}
