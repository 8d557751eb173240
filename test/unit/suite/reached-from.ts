import path from 'node:path';
import ts from 'typescript';

/** The text of a file, from the project's folder; null where there is none. */
export type ReadText = (file: string) => string | null;

/**
 * How `files` reach a file that is `forbidden`: each time the way from import to import, types and dynamic imports included. What a package
 * exports is not followed.
 */
export function waysTo(
  files: readonly string[],
  forbidden: (file: string) => boolean,
  read: ReadText,
): string[] {
  const ways: string[] = [];
  const seen = new Set<string>();
  const queue = files.map((file) => ({ file, way: file }));
  for (const { file, way } of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const target of relativeImports(file, read(file) ?? '')) {
      if (forbidden(target)) ways.push(`${way} -> ${target}`);
      else queue.push({ file: target, way: `${way} -> ${target}` });
    }
  }
  return ways;
}

function relativeImports(file: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name));
}
