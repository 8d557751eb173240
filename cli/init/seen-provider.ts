import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ProviderName } from './provider-presets.ts';

/** Auth.js and its kin: what makes sessions, not where they are kept. */
const AUTHJS = /^@auth\/(?!.*-adapter$)/;

/** What an application depends on that has sessions of its own, by the package.json of one of these folders; null: none that is known. */
export function seenProvider(folders: readonly string[]): ProviderName | null {
  for (const folder of folders) {
    const found = ofPackage(path.join(folder, 'package.json'));
    if (found !== null) return found;
  }
  return null;
}

function ofPackage(file: string): ProviderName | null {
  let content: { dependencies?: unknown; devDependencies?: unknown } | null;
  try {
    content = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  } catch {
    return null;
  }
  const all = Object.entries({ ...Object(content?.devDependencies), ...Object(content?.dependencies) });
  const next = all.find(([name]) => name === 'next-auth')?.[1];
  if (typeof next === 'string') return /^\D*[0-4]\b/.test(next) || next === 'latest' ? 'nextauth' : 'authjs';
  return all.some(([name]) => AUTHJS.test(name)) ? 'authjs' : null;
}
