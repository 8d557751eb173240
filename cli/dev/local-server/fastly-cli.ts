import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The executable of the package `@fastly/cli` that a project has; null where it has none. */
export async function fastlyCli(project: string): Promise<string | null> {
  try {
    const main = createRequire(path.join(project, 'package.json')).resolve('@fastly/cli');
    return ((await import(pathToFileURL(main).href)) as { default: string }).default;
  } catch {
    return null;
  }
}
