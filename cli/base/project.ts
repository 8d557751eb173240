import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where a service has its policy, from its folder; the first that is there counts. */
const POLICY_FILES = ['src/policy.ts', 'service/policy.ts'];

/** What makes a folder that of a service. A service that has no manifest yet is never taken for one in a folder above. */
const MARKS = ['fastly.toml', ...POLICY_FILES];

/** The folder of the service that a command is about: the nearest one above `cwd`, or itself, with a fastly.toml or a policy; else `cwd`. */
export function projectFolder(cwd: string): string {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    if (MARKS.some((mark) => existsSync(path.join(folder, mark)))) return folder;
    if (path.dirname(folder) === folder) return path.resolve(cwd);
  }
}

/** The policy file of a service, from its folder: `src/policy.ts`, which need not be there. */
export function policyFileOf(folder: string): string {
  const [usual = ''] = POLICY_FILES;
  return POLICY_FILES.find((file) => existsSync(path.join(folder, file))) ?? usual;
}

/** The manifest that a command is about, absolute; it need not be there. */
export function manifestFile(manifest: string | undefined, cwd: string): string {
  return manifest === undefined ? path.join(projectFolder(cwd), 'fastly.toml') : path.resolve(cwd, manifest);
}

/** The folder that a manifest's own paths start from. */
export function manifestFolder(manifest: string | undefined, cwd: string): string {
  return manifest === undefined ? projectFolder(cwd) : path.dirname(path.resolve(cwd, manifest));
}
