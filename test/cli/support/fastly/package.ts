import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, type TomlTable } from 'smol-toml';

/** Documented for Compute: "Maximum compiled package size". */
const MAX_PACKAGE_BYTES = 100_000_000;

export interface Package {
  readonly sizeBytes: number;
  /** Paths in the archive to their bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
  readonly manifest: TomlTable;
  /** SHA-512 over the contents in the order of the names, as `fastly compute hash-files` computes it. */
  readonly filesHash: string;
}

/** Opens an uploaded package as the platform would have to. Throws where it is none. */
export async function openPackage(archive: Buffer): Promise<Package> {
  if (archive.length > MAX_PACKAGE_BYTES) throw new Error(`${archive.length} bytes`);
  const files = unpack(archive);
  const names = [...files.keys()].sort();
  const folder = names[0]?.split('/')[0] ?? '';
  const manifest = parse(String(files.get(`${folder}/fastly.toml`) ?? ''));
  const wasm = files.get(`${folder}/bin/main.wasm`);
  if (manifest.manifest_version !== 3) throw new Error('no fastly.toml of version 3');
  if (wasm === undefined) throw new Error('no bin/main.wasm');
  await WebAssembly.compile(new Uint8Array(wasm));
  const hash = createHash('sha512');
  for (const name of names) hash.update(files.get(name) ?? '');
  return { sizeBytes: archive.length, files, manifest, filesHash: hash.digest('hex') };
}

function unpack(archive: Buffer): Map<string, Buffer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-package-'));
  try {
    execFileSync('tar', ['-xzf', '-', '-C', folder], { input: archive });
    const names = readdirSync(folder, { recursive: true }).map(String);
    const isFile = (name: string) => statSync(path.join(folder, name)).isFile();
    return new Map(names.filter(isFile).map((name) => [name, readFileSync(path.join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
