import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastlyCli from '@fastly/cli';
import { afterAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const home = mkdtempSync(path.join(tmpdir(), 'claimcache-fastly-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const documents = ['README.md', 'docs/how-to/ci-example.yml'].concat(
  readdirSync(path.join(root, 'docs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

/** Commands in code: words up to the first option, then the options by name. */
function commandsIn(text: string): { words: string; flags: string[] }[] {
  const joined = text.replaceAll('\\\n', ' ');
  const found = joined.matchAll(/(?:^ *|`|npx |&& |run: )fastly ((?:[a-z-]+ ?)+)([^`\n]*)/gm);
  return [...found].map(([, words = '', rest = '']) => {
    const [command = ''] = `${words}${rest}`.split(/[#|;]|&&/);
    const flags = [...command.matchAll(/ --([a-z-]+)/g)].map(([, flag]) => flag ?? '');
    return { words: words.trim().replace(/ -.*$/, ''), flags };
  });
}

/** The help of a command ends with its page of the reference; an old alias leads to the new one. */
const pageOf = (words: string) => `/reference/cli/${words.replaceAll(' ', '/')}/`;

const helps = new Map<string, string>();
function helpOf(words: string): string {
  const known = helps.get(words);
  if (known !== undefined) return known;
  const { stdout, stderr } = spawnSync(fastlyCli, [...words.split(' '), '--help'], {
    encoding: 'utf8',
    env: { HOME: home, PATH: process.env.PATH, HTTPS_PROXY: 'http://127.0.0.1:9' },
  });
  helps.set(words, stdout + stderr);
  return stdout + stderr;
}

describe('every `fastly` command in the documents exists, with its options', () => {
  it.each(documents)('%s', (document) => {
    for (const { words, flags } of commandsIn(readFileSync(path.join(root, document), 'utf8'))) {
      const help = helpOf(words);
      expect(help, words).toContain(pageOf(words));
      for (const flag of flags) expect(help, `${words} --${flag}`).toContain(`--${flag}`);
    }
  });

  it('finds them', () => {
    const all = documents.flatMap((name) => commandsIn(readFileSync(path.join(root, name), 'utf8')));
    expect(all.length).toBeGreaterThan(20);
    expect(helpOf('service no-such-thing')).not.toContain(pageOf('service no-such-thing'));
  });
});
