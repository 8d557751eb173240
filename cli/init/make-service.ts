import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import { compilePolicy } from '../../src/policy/compile.ts';
import { CliError } from '../base/cli-error.ts';
import { runTool } from '../dev/run-tool.ts';
import { makeLocalFiles } from '../manifest/local-files.ts';
import type { Answers } from './answers.ts';
import { packageSpec, packageVersions } from './package-source.ts';
import { policyInput } from './policy-input.ts';
import { serviceFiles } from './service-files.ts';
import { type WrittenFiles, writeFiles } from './write-files.ts';

export interface MakeOptions {
  /** Absolute; made where there is none. */
  readonly folder: string;
  readonly answers: Answers;
  /** What to depend on; null: what this command came from. */
  readonly spec: string | null;
  readonly mustInstall: boolean;
  readonly mayOverwrite: (file: string) => Promise<boolean>;
  readonly tell: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface MadeService extends WrittenFiles {
  readonly folder: string;
  /** Local secrets and keys. */
  readonly secrets: readonly string[];
  readonly isInstalled: boolean;
}

/**
 * Makes a service in a folder, and installs what it depends on.
 *
 * @throws {CliError} CLI_FAILED where npm does not install; the files are there then.
 */
export async function makeService(options: MakeOptions): Promise<MadeService> {
  const { folder, answers, tell, signal } = options;
  mkdirSync(folder, { recursive: true });
  if (options.spec === null)
    tell('Looking where this package came from; a clone is packed, which takes a minute …');
  const spec = options.spec ?? (await packageSpec(folder, signal));
  const files = serviceFiles({ name: packageName(folder), answers, spec, versions: packageVersions() });
  const written = await writeFiles(folder, files, options.mayOverwrite);
  const manifest = parse(readFileSync(path.join(folder, 'fastly.toml'), 'utf8'));
  const secrets = await makeLocalFiles(compilePolicy(policyInput(answers)), manifest, folder);
  if (options.mustInstall) {
    tell('Installing …');
    const { isOk, output } = await runTool('npm install --no-audit --no-fund', { cwd: folder }, signal);
    if (!isOk) {
      throw new CliError(
        'CLI_FAILED',
        `The files are there, but npm could not install:\n${output.trim().split('\n').slice(-15).join('\n')}`,
        `Run npm install in ${folder}.`,
      );
    }
  }
  return { folder, ...written, secrets, isInstalled: options.mustInstall };
}

/** As npm allows it. */
function packageName(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name || 'edge';
}
