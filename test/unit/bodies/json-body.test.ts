import { describe, expect, it } from 'vitest';
import { decodeBody, isJsonBody } from '../../../src/bodies/json-body.ts';

describe('a body that may be read as JSON', () => {
  it.each([
    ['application/json', true],
    ['Application/JSON; charset=UTF-8', true],
    ['application/json;charset="utf-8"', true],
    ['application/json; charset=utf-16', false],
    ['application/json, text/plain', false],
    ['application/json-patch+json', false],
    ['text/plain', false],
    ['text/plain; application/json', false],
    ['application/x-www-form-urlencoded', false],
    ['multipart/form-data; boundary=x', false],
    ['application/graphql', false],
    ['', false],
  ])('%s: %s', (type, is) => {
    expect(isJsonBody(new Headers({ 'content-type': type }))).toBe(is);
    expect(isJsonBody(new Headers({ 'content-type': type, 'content-encoding': 'gzip' }))).toBe(false);
  });

  it('is UTF-8', () => {
    expect(decodeBody(new TextEncoder().encode('é😀'))).toBe('é😀');
    for (const bytes of [
      [0xff],
      [0xc3],
      [0xed, 0xa0, 0x80],
      [0xef, 0xbb, 0xbf, 0x7b, 0x7d],
      [0xff, 0xfe, 0x7b, 0],
    ])
      expect(decodeBody(new Uint8Array(bytes))).toBeNull();
  });
});
