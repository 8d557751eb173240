import { ecb } from '@noble/ciphers/aes.js';
import { equalBytes } from '../../crypto/equal.ts';

const BLOCK_BYTES = 16;
const BLOCK_BITS = 128n;
/** Bytes are read in parts, which are put together: a host reads a number of n digits in n^2 steps. */
const PART_BYTES = 8;
const ONE_BLOCK = (1n << BLOCK_BITS) - 1n;

/** By how many blocks there are: the lower one of each two. At most as many as a token has powers of two. */
const lowerBlocks = new Map<number, bigint>();

/**
 * Whether the tag of AES-GCM (NIST SP 800-38D) is right, for an `iv` of 12 bytes. Of a forged token of 8 KB it costs a fraction of what the
 * library does: that goes bit by bit through each block in JavaScript, where here all blocks are multiplied at once as one BigInt, which is the
 * host's own code. Nothing is decrypted on its word alone: what it lets through the library verifies again.
 */
export function isGcmTag(
  key: Uint8Array,
  iv: Uint8Array,
  aad: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): boolean {
  // An empty block, of which the key of GHASH is made, and the first counter, which covers the tag.
  const blocks = new Uint8Array(2 * BLOCK_BYTES);
  blocks.set(iv, BLOCK_BYTES);
  blocks[2 * BLOCK_BYTES - 1] = 1;
  const sealed = ecb(key, { disablePadding: true }).encrypt(blocks);
  const hash = ghash(toBigInt(sealed.subarray(0, BLOCK_BYTES)), aad, ciphertext);
  return equalBytes(toBytes(hash ^ toBigInt(sealed.subarray(BLOCK_BYTES))), tag);
}

/** GHASH: the polynomial whose coefficients are the blocks, the last one the lengths, at the point `h`, and once more times `h`. */
function ghash(h: bigint, aad: Uint8Array, ciphertext: Uint8Array): bigint {
  const [first, second] = [blocksOf(aad), blocksOf(ciphertext)];
  const count = first + second + 1;
  let size = 1;
  const powers = [h];
  while (size < count) {
    size *= 2;
    const last = powers.at(-1) ?? h;
    powers.push(times(last, last, 1));
  }
  // The empty blocks in front of them change nothing.
  const bytes = new Uint8Array(count * BLOCK_BYTES);
  bytes.set(aad);
  bytes.set(ciphertext, first * BLOCK_BYTES);
  const lengths = new DataView(bytes.buffer, (first + second) * BLOCK_BYTES);
  lengths.setBigUint64(0, BigInt(aad.length * 8));
  lengths.setBigUint64(8, BigInt(ciphertext.length * 8));
  let sum = toBigInt(bytes);
  for (let i = powers.length - 2; i >= 0; i--) {
    const half = 2 ** i;
    const bits = BigInt(half) * BLOCK_BITS;
    const upper = sum >> bits;
    // Each block of the upper half times `h` to the power of `half`, onto the block that stands so much below it.
    sum = times(upper, powers[i] ?? h, half) ^ (sum ^ (upper << bits));
  }
  return times(sum, h, 1);
}

function blocksOf({ length }: Uint8Array): number {
  return Math.ceil(length / BLOCK_BYTES);
}

/** Each of `count` blocks times `factor`, in the field of GCM. The bits of a block are its coefficients, the highest bit that of x^0. */
function times(blocks: bigint, factor: bigint, count: number): bigint {
  const lower = lowerOf(count);
  const product = timesApart(blocks & lower, factor, lower);
  return count === 1
    ? product
    : product ^ (timesApart((blocks >> BLOCK_BITS) & lower, factor, lower) << BLOCK_BITS);
}

/** The same of blocks that have an empty one above each. */
function timesApart(blocks: bigint, factor: bigint, lower: bigint): bigint {
  const multiples = [0n, blocks];
  for (let i = 2; i < 16; i++) {
    const half = (multiples[i >> 1] ?? 0n) << 1n;
    multiples.push(i % 2 === 0 ? half : half ^ blocks);
  }
  let product = 0n;
  for (let shift = 124n; shift >= 0n; shift -= 4n)
    product = (product << 4n) ^ (multiples[Number((factor >> shift) & 15n)] ?? 0n);
  product <<= 1n;
  // x^128 is 1 + x + x^2 + x^7. What that brings beyond x^127 is at most seven coefficients: once more.
  const over = folded((product & lower) << BLOCK_BITS);
  const rest = folded((over & lower) << BLOCK_BITS);
  return ((product ^ over ^ rest) >> BLOCK_BITS) & lower;
}

function folded(upper: bigint): bigint {
  return upper ^ (upper >> 1n) ^ (upper >> 2n) ^ (upper >> 7n);
}

function lowerOf(count: number): bigint {
  let mask = lowerBlocks.get(count);
  if (mask === undefined) {
    mask = ONE_BLOCK;
    for (let have = 2; have < count; have *= 2) mask |= mask << (BigInt(have) * BLOCK_BITS);
    lowerBlocks.set(count, mask);
  }
  return mask;
}

/** The first byte the highest. */
function toBigInt(bytes: Uint8Array): bigint {
  const whole = new Uint8Array(Math.ceil(bytes.length / PART_BYTES) * PART_BYTES);
  whole.set(bytes, whole.length - bytes.length);
  const view = new DataView(whole.buffer);
  let parts: bigint[] = [];
  for (let at = whole.length - PART_BYTES; at >= 0; at -= PART_BYTES) parts.push(view.getBigUint64(at));
  for (let bits = BigInt(8 * PART_BYTES); parts.length > 1; bits *= 2n) {
    const pairs: bigint[] = [];
    for (let i = 0; i < parts.length; i += 2) pairs.push(((parts[i + 1] ?? 0n) << bits) | (parts[i] ?? 0n));
    parts = pairs;
  }
  return parts[0] ?? 0n;
}

function toBytes(block: bigint): Uint8Array {
  const bytes = new Uint8Array(BLOCK_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, block >> 64n);
  view.setBigUint64(8, BigInt.asUintN(64, block));
  return bytes;
}
