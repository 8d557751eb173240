import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/root.ts';
import { meterWasm } from './meter-wasm.ts';

/** The path of a service that counts its instructions, made from `wasm`; made anew only when that or the meter has changed. */
export function meteredService(wasm: string): string {
  const module = readFileSync(wasm);
  const hash = createHash('sha256').update(module);
  // Another meter makes another service.
  for (const name of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(path.join(import.meta.dirname, name)));
  const digest = hash.digest('hex').slice(0, 16);
  const file = path.join(root, 'build/metered', `${digest}.wasm`);
  if (!existsSync(file)) {
    mkdirSync(path.dirname(file), { recursive: true });
    const part = `${file}.${process.pid}`;
    writeFileSync(part, meterWasm(module));
    renameSync(part, file);
  }
  return file;
}
