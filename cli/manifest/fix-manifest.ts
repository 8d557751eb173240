import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import type { Policy } from '../../src/policy/policy.ts';
import { secretsFolderOf } from '../base/secrets-folder.ts';
import { foreignSecrets } from './foreign-secrets.ts';
import { makeLocalFiles } from './local-files.ts';
import { manifestGaps } from './manifest-gaps.ts';
import { insertToml, type TomlAddition } from './toml-insert.ts';
import { keyPathText, valueText } from './toml-text.ts';

export interface ManifestFix {
  /** What was added to the manifest: `local_server.backends.origin`. */
  readonly added: readonly string[];
  /** Files of local secrets that were made, from the manifest's folder. */
  readonly made: readonly string[];
  /** What the way in which the manifest is written leaves no place for, as TOML to add by hand. */
  readonly left: readonly string[];
  /** What is to be written into files that were made. */
  readonly notes: readonly string[];
}

/** The text with what the policy needs of it, and what was added, and could not be. */
export function fixedManifest(
  text: string,
  policy: Policy,
  originUrl: string | null,
): { readonly text: string } & Omit<ManifestFix, 'made' | 'notes'> {
  const manifest = parse(text);
  const gaps = manifestGaps(policy, manifest, { originUrl, secretsFolder: secretsFolderOf(manifest) });
  let fixed = text;
  const added: string[] = [];
  const left: string[] = [];
  for (const gap of gaps) {
    const next = insertToml(fixed, gap);
    if (next === null) left.push(byHand(gap));
    else {
      fixed = next;
      added.push(nameOf(gap));
    }
  }
  return { text: fixed, added, left };
}

/**
 * Writes into a fastly.toml what the policy needs: backends, stores, items, for the local server and for a first publish; and makes the local secrets.
 * What is there stays as it is, with its comments and order.
 *
 * @param file - Absolute; made where there is none.
 */
export async function fixManifest(
  file: string,
  policy: Policy,
  originUrl: string | null = null,
): Promise<ManifestFix> {
  const folder = path.dirname(file);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : newManifest(path.basename(folder));
  const { text, added, left } = fixedManifest(before, policy, originUrl);
  if (added.length > 0 || !existsSync(file)) writeFileSync(file, text);
  const made = await makeLocalFiles(policy, parse(text) as TomlTable, folder);
  return { added, left, made, notes: foreignSecrets(policy, made) };
}

/** The head of a manifest, for `fastly compute` and for `claimcache dev`. */
export function newManifest(name: string): string {
  return `# The package for \`fastly compute publish\`, and the local server's backends and stores.
manifest_version = 3
name = ${valueText(name)}
language = "other"

[scripts]
build = "npm run build"
`;
}

function nameOf({ path: keys, value, isElement }: TomlAddition): string {
  const key = isElement && typeof value === 'object' && 'key' in value ? [String(value.key)] : [];
  return keyPathText([...keys, ...key]);
}

function byHand({ path: keys, value, isElement }: TomlAddition): string {
  return `${keyPathText(keys)} = ${valueText(isElement ? [value] : value)}`;
}
