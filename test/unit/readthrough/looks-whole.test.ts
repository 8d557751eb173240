import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { looksWhole } from '../../../src/readthrough/looks-whole.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const json = new Headers({ 'content-type': 'application/json' });
const packed = new Headers({ 'content-type': 'text/csv', 'content-encoding': 'gzip' });

it.each([
  ['JSON', bytes('{"a":[1]}'), json, true],
  ['JSON that breaks off', bytes('{"a":[1'), json, false],
  [
    'JSON that nests deeper than the parser can follow',
    bytes(`${'['.repeat(20_000)}${']'.repeat(20_000)}`),
    json,
    false,
  ],
  ['many brackets beside each other', bytes(`[${'[],'.repeat(20_000)}[]]`), json, true],
  ['gzip', gzipSync('a,b'), packed, true],
  ['gzip that breaks off', gzipSync('a,b'.repeat(100)).subarray(0, 20), packed, false],
  ['gzip that unpacks to more than a sandbox should hold', gzipSync(Buffer.alloc(17_000_000)), packed, false],
])('%s', async (_, body, headers, expected) => {
  expect(await looksWhole(body, headers)).toBe(expected);
});
