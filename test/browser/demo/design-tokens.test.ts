import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../scripts/root.ts';

const FOLDER = path.join(root, 'demo/web/src');
const TOKENS = path.join('styles', 'tokens.css');
const COLOURED = /^(?:color|background(?:-color)?|border(?:-[a-z-]+)?-color|[a-z]+-color|fill|stroke)$/;
/** A colour may stand among other words there. */
const LINED =
  /^(?:border(?:-(?:block|inline|top|bottom|left|right)(?:-(?:start|end))?)?|outline|box-shadow)$/;
const SIZED =
  /^(?:font|font-size|gap|row-gap|column-gap|padding[a-z-]*|margin[a-z-]*|border-(?:[a-z-]+-)?radius)$/;
/** What names no colour of its own. */
const NO_COLOUR =
  /^(?:none|inherit|transparent|currentColor|solid|inset|collapse|-?[\d.]+(?:px|%)?|in|srgb|var|color-mix|--[a-z-]+)$/;

interface Declaration {
  readonly property: string;
  readonly value: string;
}

function declarationsOf(file: string): readonly Declaration[] {
  const text = readFileSync(path.join(FOLDER, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return [...text.matchAll(/([a-z\d-]+)\s*:\s*([^;{}]+);/g)].map(([, property = '', value = '']) => ({
    property,
    value: value.replace(/\s+/g, ' ').trim(),
  }));
}

const words = (value: string) => value.split(/[\s,()]+/).filter((word) => word !== '');

const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.css') && file !== TOKENS,
);

describe.each(FILES)('%s', (file) => {
  const declarations = declarationsOf(file);

  it('names no colour: all are in tokens.css', () => {
    const raw = declarations
      .filter(({ property }) => COLOURED.test(property) || LINED.test(property))
      .filter(({ value }) => !words(value).every((word) => NO_COLOUR.test(word)));
    expect(raw).toEqual([]);
    expect(
      declarations.filter(({ value }) => /#[\da-f]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(/i.test(value)),
    ).toEqual([]);
  });

  it('names no size of type, no space and no radius: all are in tokens.css', () => {
    const raw = declarations.filter(
      ({ property, value }) => SIZED.test(property) && /\d(?:rem|em)\b|\b(?:[3-9]|\d\d+)px/.test(value),
    );
    expect(raw).toEqual([]);
  });

  it('uses tokens that there are', () => {
    // The colour of a state is made in base.css, which each page has.
    const defined = new Set(
      [TOKENS, path.join('styles', 'base.css')].flatMap(declarationsOf).map(({ property }) => property),
    );
    const used = declarations.flatMap(({ value }) => value.match(/--[a-z\d-]+/g) ?? []);
    expect(used.length).toBeGreaterThan(10);
    expect([...new Set(used)].filter((name) => !defined.has(name))).toEqual([]);
  });
});
