import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { localManifest } from '../../../scripts/local-manifest.ts';
import { root } from '../../../scripts/root.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

describe('fastly.local.toml', () => {
  test('is what fastly.toml makes of it: npm run build:local writes it anew', () => {
    expect(parse(read('fastly.local.toml'))).toEqual(parse(localManifest()));
  });

  test('runs the same stores and backends, by another build and under another name', () => {
    const local = parse(read('fastly.local.toml'));
    const real = parse(read('fastly.toml'));
    expect(local.local_server).toEqual(real.local_server);
    expect(local.name).not.toBe(real.name);
    expect(local).not.toHaveProperty('service_id');
    expect(local).not.toHaveProperty('setup');
  });

  test('no build that a deploy takes adds the local cache', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(parse(read('fastly.toml')).scripts).toEqual({ build: 'npm run build' });
    expect(scripts.build).not.toMatch(/local/);
    expect(scripts.deploy).not.toMatch(/local/);
  });
});
