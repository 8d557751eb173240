import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { endsWhole, looksWhole } from '../../../src/cache/looks-whole.ts';

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

const html = new Headers({ 'content-type': 'text/html; charset=utf-8' });

it.each([
  ['HTML', bytes('<p>…</p></body></html>\n'), html, true],
  ['HTML that breaks off', bytes('<p>…</p>'), html, false],
  ['JSON', bytes('1]}\n'), json, true],
  ['JSON that breaks off', bytes('"a":[1,'), json, false],
  ['text', bytes('…'), new Headers({ 'content-type': 'text/plain' }), true],
  ['packed bytes', bytes('…'), packed, true],
])('the end of a long body: %s', (_, tail, headers, expected) => {
  expect(endsWhole(tail, headers)).toBe(expected);
});
