import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PackageJson } from './service-files.ts';

export interface WrittenFiles {
  readonly made: readonly string[];
  /** package.json that was there: what it lacked was added. */
  readonly added: readonly string[];
  /** Of others that were there, and stay as they are. */
  readonly kept: readonly string[];
}

/** Writes files into a folder. One that is there with other content is asked about, and stays where the answer is not yes. */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
  mayOverwrite: (file: string) => Promise<boolean>,
): Promise<WrittenFiles> {
  const [made, added, kept]: [string[], string[], string[]] = [[], [], []];
  for (const [file, text] of files) {
    const absolute = path.join(folder, file);
    const before = existsSync(absolute) ? readFileSync(absolute, 'utf8') : null;
    if (before === text) continue;
    if (before !== null && file === 'package.json') {
      const merged = mergedPackage(before, text);
      if (merged === before) kept.push(file);
      else {
        writeFileSync(absolute, merged);
        added.push(file);
      }
      continue;
    }
    if (before !== null && !(await mayOverwrite(file))) {
      kept.push(file);
      continue;
    }
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
    made.push(file);
  }
  return { made, added, kept };
}

/** `npm init` writes a test that fails. */
const PLACEHOLDER = /no test specified/;

/** A package.json with the scripts and dependencies that it lacks; what it says stays, and so does a file that is not one. */
export function mergedPackage(before: string, text: string): string {
  const wanted = JSON.parse(text) as PackageJson;
  let there: Partial<PackageJson>;
  try {
    there = JSON.parse(before);
  } catch {
    return before;
  }
  const { test, ...scripts } = there.scripts ?? {};
  const own = test === undefined || PLACEHOLDER.test(test) ? scripts : { ...scripts, test };
  const merged = {
    ...there,
    type: 'module',
    scripts: { ...wanted.scripts, ...own },
    dependencies: { ...there.dependencies, ...wanted.dependencies },
    devDependencies: { ...wanted.devDependencies, ...there.devDependencies },
  };
  const result = `${JSON.stringify(merged, null, 2)}\n`;
  return JSON.stringify(there) === JSON.stringify(merged) ? before : result;
}
