import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { CliError } from '../base/cli-error.ts';
import { readLocalStores } from '../base/local-stores.ts';
import { runTool } from '../dev/run-tool.ts';
import { foreignSecrets } from '../manifest/foreign-secrets.ts';
import { makeLocalFiles } from '../manifest/local-files.ts';
import type { Answers } from './answers.ts';
import type { GivenSecret } from './collect-secret.ts';
import { packageSpec, packageVersions } from './package-source.ts';
import { serviceFiles } from './service-files.ts';
import { type WrittenFiles, writeFiles } from './write-files.ts';

export interface MakeOptions {
  /** Absolute; made where there is none. */
  readonly folder: string;
  readonly answers: Answers;
  /** Of the answers. */
  readonly policy: Policy;
  /** null: a random one. */
  readonly secret: GivenSecret | null;
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
  /** What is still to be done by hand. */
  readonly notes: readonly string[];
  readonly isInstalled: boolean;
}

/**
 * Makes a service in a folder, and installs what it depends on.
 *
 * @throws {CliError} CLI_FAILED where npm does not install; the files are there then.
 */
export async function makeService(options: MakeOptions): Promise<MadeService> {
  const { folder, answers, policy, secret, tell, signal } = options;
  mkdirSync(folder, { recursive: true });
  const spec = options.spec ?? (await packageSpec(folder, tell, signal));
  const files = serviceFiles({ name: packageName(folder), answers, spec, versions: packageVersions() });
  const written = await writeFiles(folder, files, options.mayOverwrite);
  const manifest = parse(readFileSync(path.join(folder, 'fastly.toml'), 'utf8'));
  const keptSecrets = secret === null ? [] : await keptSecret(secret, manifest, options);
  const given = new Map(secret === null ? [] : [[secret.provider, secret.text]]);
  const secrets = await makeLocalFiles(policy, manifest, folder, given);
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
  return {
    folder,
    ...written,
    kept: [...written.kept, ...keptSecrets],
    secrets,
    notes: secret === null ? foreignSecrets(policy, secrets) : [],
    isInstalled: options.mustInstall,
  };
}

/** Makes way for a secret where the store has another one; returns the file of one that stays. */
async function keptSecret(
  { store, item, text }: GivenSecret,
  manifest: TomlTable,
  { folder, mayOverwrite }: MakeOptions,
): Promise<readonly string[]> {
  const held = readLocalStores(manifest, folder, {}).secrets.get(store)?.get(item);
  if (!held?.value || held.value === text) return [];
  const file = held.file ?? 'fastly.toml';
  // Of a file that holds other things as well, only its owner can take something out.
  const isAlone = held.file !== null && !file.endsWith('.json');
  if (!isAlone || !(await mayOverwrite(file))) return [file];
  rmSync(path.resolve(folder, file));
  return [];
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
