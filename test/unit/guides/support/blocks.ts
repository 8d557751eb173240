import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { definePolicy, type PolicyInput } from 'claimcache';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../../../..');

/** The fences of a language in a document, or below one heading of it, as they stand there. */
export function blocksOf(document: string, language: string, heading?: string): string[] {
  const text = readFileSync(path.join(root, 'docs', document), 'utf8');
  const part =
    heading === undefined
      ? text
      : (text.split(/^(?=## )/m).find((part) => part.startsWith(`## ${heading}\n`)) ?? '');
  return [...part.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block]) => block ?? '',
  );
}

/** Writes each block into the file that its first line names; returns the names. */
export function writeBlocks(folder: string, blocks: readonly string[]): string[] {
  return blocks.map((block) => {
    const [, name] = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(block) ?? [];
    if (name === undefined) throw new Error(`A block does not say which file it is:\n${block.slice(0, 80)}`);
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, block);
    return name;
  });
}

/** A policy that a document shows, evaluated. */
export function policyOf(block: string): PolicyInput {
  const source = block.replace(/^import .*$/gm, '').replace('export default', 'return');
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  return new Function('definePolicy', outputText)(definePolicy) as PolicyInput;
}
