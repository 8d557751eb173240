import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'smol-toml';
import { root } from './root.ts';

/**
 * The text of `fastly.local.toml`: `fastly.toml` with the build that adds the local readthrough cache, and under another name, so that no
 * `fastly compute deploy` takes the package for the real one.
 */
export function localManifest(): string {
  const {
    setup: _setup,
    service_id: _service,
    ...manifest
  } = parse(readFileSync(path.join(root, 'fastly.toml'), 'utf8'));
  const local = { ...manifest, name: `${manifest.name}-local`, scripts: { build: 'npm run build:local' } };
  return `# For \`fastly compute serve --env local\`. \`npm run build:local\` makes it from fastly.toml.\n${stringify(local)}`;
}
