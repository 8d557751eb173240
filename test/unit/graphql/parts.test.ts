import { describe, expect, it } from 'vitest';
import { nestsDeeper } from '../../../src/graphql/nesting.ts';

describe('how deep a document nests', () => {
  it.each([
    ['{a{b}}', 2],
    ['{a(x:[[1]]){b}}', 4],
    ['{a(x:"{{{{{{"){b}}', 2],
    ['{a(x:"\\"{{{{{{"){b}}', 2],
    ['{a(x:"""{{{ \\""" {{{"""){b}}', 2],
    ['{a(x:"""{{{ " "" {{{"""){b}}', 2],
    ['{a # {{{{{{\n{b}}', 2],
    ['{a(x:""){b}}', 2],
    // Closing brackets in texts must not make up for real ones.
    ['{a(x:"}}}}}}"){b{c{d}}}}', 4],
    ['{a #}}}}}}\n{b{c{d}}}}', 4],
  ])('%s: %i', (text, depth) => {
    expect(nestsDeeper(text, depth, 1000)).toBe(false);
    expect(nestsDeeper(text, depth - 1, 1000)).toBe(true);
  });

  it('more tokens than are allowed count as deep', () => {
    expect(nestsDeeper('{}'.repeat(50), 10, 100)).toBe(false);
    for (const piece of ['{}', '""', '#\n', '"""a"""']) {
      expect(nestsDeeper(`${piece} `.repeat(101), 10, 100)).toBe(true);
    }
  });

  it('is found in a time that grows with the length alone', () => {
    for (const piece of ['"""', '"', '\\"""', '""', '#', '"\\', '{"""']) {
      // Of this process alone: a busy machine takes none of it.
      const before = process.cpuUsage();
      nestsDeeper(piece.repeat(1_000_000 / piece.length), 1_000_000, 10_000_000);
      // Where it grew with the square, a million characters would take minutes.
      expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
    }
  });
});
