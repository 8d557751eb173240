import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Phrases that have a usual equivalent. Single words are `flagWords` of cspell.json, which `npm run lint:words` checks. */
const PHRASES: Readonly<Record<string, string>> = {
  'asking it why': 'debugging',
  'can be had': 'is available',
  'ever after': 'subsequent deploys',
  'hears nothing': 'is not asked',
  'must not be deployed': 'is not valid',
  'what is asked': 'request, query',
  'where people come from': 'compared with',
  'whoever asks': 'the client',
};
const phrase = new RegExp(`\\b(?:${Object.keys(PHRASES).join('|').replaceAll(' ', '[\\s*/]+')})\\b`, 'gi');

const files = [
  ...readdirSync(root).filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...['docs', 'src', 'cli', 'service', 'template'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .map((name) => path.join(folder, String(name)))
      .filter((name) => /\.(?:md|ts)$/.test(name) && !name.includes('node_modules')),
  ),
];

describe('documents, texts and comments', () => {
  test('say it in the usual words', () => {
    const found = files.flatMap((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(phrase)].map(([text]) => {
        const usual = PHRASES[text.toLowerCase().replaceAll(/[\s*/]+/g, ' ')];
        return `${file}: "${text}". Say "${usual}".`;
      }),
    );
    expect(found).toEqual([]);
    expect(files.length).toBeGreaterThan(400);
  });

  test('would be found across a line of a comment', () => {
    expect('the port that can\n * be had'.match(phrase)).toHaveLength(1);
  });
});
