import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/root.ts';

/** A block of commands in a document. */
export interface ShellBlock {
  readonly document: string;
  readonly line: number;
  /** What stands behind `sh` in the fence: `run`, `account`, or `shown-by=` and test files. */
  readonly tag: string;
  readonly commands: string;
}

const documents = [
  'README.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md')),
];

/** Every block of commands in README.md and `docs/`. */
export const shellBlocks = (): ShellBlock[] =>
  documents.flatMap((document) => {
    const text = readFileSync(path.join(root, document), 'utf8');
    const fences = text.matchAll(/^( *)```(?:sh|bash|shell|console)([^\n]*)\n([\s\S]*?)^\1```$/gm);
    return Array.from(fences, ({ index, 2: tag = '', 3: commands = '' }) => ({
      document,
      line: text.slice(0, index).split('\n').length,
      tag: tag.trim(),
      commands,
    }));
  });
