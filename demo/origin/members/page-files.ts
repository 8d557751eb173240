import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface PageFiles {
  readonly script: string;
  readonly styles: readonly string[];
}

/** Of Vite's manifest, by the name of each source. */
interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

const ENTRY = 'src/members/main.ts';

/** Where Vite has put the script of the members' page and what it imports, as a back end reads it that renders its own HTML. */
export function pageFiles(folder: string): PageFiles {
  const manifest: Readonly<Record<string, Chunk>> = JSON.parse(
    readFileSync(path.join(folder, '.vite/manifest.json'), 'utf8'),
  );
  const entry = manifest[ENTRY];
  if (entry === undefined) throw new Error(`${ENTRY} is not in the manifest of ${folder}`);
  const stylesOf = ({ css = [], imports = [] }: Chunk): readonly string[] => [
    ...imports.flatMap((name) => (manifest[name] === undefined ? [] : stylesOf(manifest[name]))),
    ...css,
  ];
  const served = (file: string) => `/app/${file}`;
  return { script: served(entry.file), styles: [...new Set(stylesOf(entry))].map(served) };
}
