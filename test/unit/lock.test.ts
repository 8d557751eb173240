import { readFileSync } from 'node:fs';
import path from 'node:path';
import semver from 'semver';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = path.resolve(import.meta.dirname, '../..');
const text = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
const { '': project, ...locked } = packages;

/** Where Node finds a package from another: in the folder of that, or of one above it. */
function found(name: string, from: string): LockedPackage | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const entry = locked[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

describe('package-lock.json', () => {
  it('has every optional dependency of every package, so that npm ci works on every platform', () => {
    const missing = Object.entries(locked).flatMap(([place, { optionalDependencies = {} }]) =>
      Object.entries(optionalDependencies)
        .filter(([name, range]) => !semver.satisfies(found(name, place)?.version ?? '', range))
        .map(([name, range]) => `${place}: ${name}@${range}`),
    );
    expect(missing).toEqual([]);
    expect(Object.keys(locked).length).toBeGreaterThan(500);
  });

  it('says of the packages of each platform which that is', () => {
    const { optionalDependencies = {} } = locked['node_modules/@fastly/cli'] ?? {};
    const platforms = Object.keys(optionalDependencies).map((name) => {
      const entry = found(name, 'node_modules/@fastly/cli');
      return [name, entry?.optional, `@fastly/cli-${entry?.os}-${entry?.cpu}`];
    });
    expect(platforms.length).toBeGreaterThan(4);
    for (const [name, isOptional, fromPlatform] of platforms)
      expect([isOptional, fromPlatform]).toEqual([true, name]);
  });

  it('has no package that needs another Node than this project', () => {
    const ours = project?.engines?.node ?? '';
    const others = Object.entries(locked).flatMap(([place, { engines }]) =>
      engines?.node === undefined || semver.subset(ours, engines.node) ? [] : [`${place}: ${engines.node}`],
    );
    expect(semver.validRange(ours)).not.toBeNull();
    expect(others).toEqual([]);
    expect(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).engines.node).toBe(ours);
  });

  it('names no registry: everybody installs from their own', () => {
    expect(Object.entries(locked).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(text).not.toMatch(/\.tgz/);
  });

  it('has the digest of everything that is installed on Linux with x64', () => {
    const without = Object.entries(locked).filter(([, { integrity }]) => integrity === undefined);
    for (const [place, { os, cpu, optional }] of without)
      expect([optional, os?.includes('linux') && cpu?.includes('x64')], place).toEqual([true, false]);
  });
});
