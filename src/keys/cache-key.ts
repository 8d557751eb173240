import { digest } from '../crypto/digest.ts';
import type { Partition } from './partition.ts';

/** Changes whenever the meaning of a part changes, so that entries of two releases never meet. */
const KEY_FORMAT = 3;
/** CoreCache takes 8,135 bytes, other caches of the platform 4,096; longer keys are hashed. */
const MAX_KEY_BYTES = 4000;

export interface CacheKeyParts {
  /** The switch `key_version`. */
  readonly keyVersion: string;
  /** Of the visitor's request: the origin is told of it, and what it redirects to has it. */
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Path and canonical query, exactly as the origin gets them. */
  readonly target: string;
  readonly partition: Partition | null;
  /** Values of the request headers that reach the origin, in the order of the route's `vary`; null: absent. */
  readonly varyValues: readonly (string | null)[];
  /** Digest of a request body that is part of the key, or null. */
  readonly bodyDigest: string | null;
  /** Values of the route's variants, each with its kind, where it has any. */
  readonly variant?: readonly string[] | undefined;
}

/**
 * What partitions the cache: a JSON array, never joined strings, so that no two tuples of parts have one key and
 * 42 and "42" stay apart. The issuer is in it beside the provider's name: that name may come to stand for another issuer, or for several.
 */
export function cacheKey(parts: CacheKeyParts): string {
  const { partition } = parts;
  const members: unknown[] = [
    KEY_FORMAT,
    parts.keyVersion,
    'GET',
    parts.scheme,
    parts.host,
    parts.target,
    partition === null ? null : [partition.provider, partition.issuer, partition.scope, partition.values],
    parts.varyValues,
    parts.bodyDigest,
  ];
  if (parts.variant !== undefined) members.push(parts.variant);
  return JSON.stringify(members);
}

/** A key as every platform takes it: a long one by its digest, for which the host is waited for. */
export function platformKey(key: string): string | Promise<string> {
  // A character of a header has two bytes at most, one of a claim three: most keys need not be counted.
  if (key.length * 3 <= MAX_KEY_BYTES) return key;
  return new TextEncoder().encode(key).length <= MAX_KEY_BYTES ? key : shortened(key);
}

async function shortened(key: string): Promise<string> {
  return JSON.stringify([KEY_FORMAT, 'sha256', await digest(key)]);
}
