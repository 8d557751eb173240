import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'smol-toml';
import { root } from './root.ts';

/** The text of `fastly.toml` with the local backend `origin` at another address. */
export function demoManifest(originUrl: string): string {
  const manifest = parse(readFileSync(path.join(root, 'fastly.toml'), 'utf8'));
  const server = manifest.local_server as { backends: Record<string, { url: string }> };
  server.backends.origin = { ...server.backends.origin, url: originUrl };
  return `# Made by \`npm start\` from fastly.toml.\n${stringify(manifest)}`;
}
