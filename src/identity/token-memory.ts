import { BoundedMap } from '../keys/bounded-map.ts';
import type { FilledScopes, Identity } from './identity.ts';
import { type ParsedToken, parseToken } from './parse-token.ts';

/** What checking a signature came to. It says nothing of times and revocation: those are asked each time. */
export interface Verdict {
  readonly good: boolean;
  /** `kid` of the key that verified it. */
  readonly keyId: string | null;
}

/** A verdict of one provider, in the entry of a token. */
export interface RememberedVerdict extends Verdict {
  /** A withdrawn key changes it: no verdict of another key set counts. */
  readonly keySetDigest: string;
  readonly untilMs: number;
}

/** All that a sandbox remembers of one token, and all that goes when it is forgotten. */
export interface TokenEntry {
  /** What it is remembered by: what was sent, and how that is read. */
  readonly key: string;
  readonly token: ParsedToken;
  /** base64url SHA-256 of the whole token, once somebody has asked for it. */
  digest: string | null;
  /** What the keys of each provider said last. */
  readonly verdicts: Map<string, RememberedVerdict>;
  /** Who its bearer is, by provider and place, and the scopes that were filled for that. */
  readonly identities: RememberedIdentity[];
}

export interface RememberedIdentity {
  readonly identity: Identity;
  readonly filledScopes: FilledScopes;
}

export interface TokenMemory {
  /** The entry of what was sent for a token, a new one where there is none. null: it is no token. */
  read(text: string, reader?: TokenReader): TokenEntry | null;
  /** The token has verified: from now on no token that has not takes its place. */
  keep(entry: TokenEntry): void;
}

/** How what was sent is read. */
export interface TokenReader {
  /** Two readers whose tokens may differ for one text have different ones. It ends with a blank, which no token has. */
  readonly name: string;
  parse(text: string): ParsedToken | null;
}

/** A token as it is. */
export const SIGNED: TokenReader = { name: '', parse: parseToken };

export const MAX_REMEMBERED_TOKENS = 100;
/** A token is there as text, as bytes and as claims. */
const COPIES = 4;
/** Verdicts, identities and filled scopes, each of which is bounded. */
const ENTRY_BYTES = 1024;

/**
 * An entry costs each later request of the sandbox some 10,000 instructions, in the garbage collection; to verify HS256 anew costs four million,
 * RS256 nine (`npm run bench:cost`). With more than some hundred people behind a sandbox a larger memory costs more than it saves.
 */
const VERIFIED = { entries: MAX_REMEMBERED_TOKENS, maxBytes: 4_194_304 };
/** Tokens that have not verified are free to make. */
const REFUSED = { entries: 50, maxBytes: 1_048_576 };

export function newTokenEntry(text: string, { name, parse }: TokenReader = SIGNED): TokenEntry | null {
  const token = parse(text);
  if (token === null) return null;
  return { key: name + text, token, digest: null, verdicts: new Map(), identities: [] };
}

/**
 * One entry for each token, by the token itself: two tokens never share one, and no digest has to be made to find it. Tokens that have verified, and those that
 * have not, are kept apart, the latest used of each, so that a flood of bad ones pushes out none but its like.
 */
export function createTokenMemory(): TokenMemory {
  const verified = memoryOf(VERIFIED);
  const refused = memoryOf(REFUSED);
  return {
    read(text, reader = SIGNED) {
      const key = reader.name + text;
      const known = verified.get(key);
      if (known !== undefined) return known;
      const entry = refused.get(key) ?? newTokenEntry(text, reader);
      if (entry !== null) refused.set(key, entry);
      return entry;
    },
    keep(entry) {
      const { key } = entry;
      refused.delete(key);
      verified.set(key, entry);
    },
  };
}

function memoryOf({ entries, maxBytes }: typeof VERIFIED): BoundedMap<string, TokenEntry> {
  return new BoundedMap(entries, {
    maxBytes,
    bytesOf: ({ key }) => ENTRY_BYTES + COPIES * key.length,
  });
}
