import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** A folder outside of the repository in which the packed package is installed. */
export interface Installed {
  readonly folder: string;
  /** Files of the tarball. */
  readonly files: readonly string[];
  /** Puts a service of test/package/services into a folder of its own, in which the packages are found. */
  service(name: string): string;
  /** Puts an example into a folder of its own, as it stands in the repository. */
  example(name: string): string;
  /** An empty folder of that name, in which the packages are found. */
  site(name: string): string;
  /** Installs further packages beside it. */
  add(...packages: string[]): Promise<void>;
  /** `npx …` in a folder, with modules of ES in jest. */
  npx(folder: string, ...args: string[]): Promise<Ran>;
  /** Bundles a service and makes the wasm; returns its path. */
  build(service: string): Promise<string>;
  /** `npx claimcache …` in a folder. */
  claimcache(folder: string, ...args: string[]): Promise<Ran>;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the test files are told of the installation that all of them share. */
const TOLD = 'CLAIMCACHE_INSTALLED';

/** Packs this package, and installs the tarball as a user would: once for all test files. */
export default async function setup(): Promise<() => void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-package-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const packed = await npm(root, 'pack', '--json', '--pack-destination', folder);
    // What `prepack` prints stands before the document.
    const [{ filename, files }] = JSON.parse(packed.stdout.slice(packed.stdout.search(/^\[/m)));
    const version = versionsOf(root);
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: 'site', private: true, type: 'module' }),
    );
    await npm(
      folder,
      ...['install', '--no-audit', '--no-fund', '--prefer-offline', `./${filename}`],
      ...['@fastly/js-compute', 'webpack', 'webpack-cli', 'tsx', 'hono'].map(
        (name) => `${name}@${version(name)}`,
      ),
    );
    const names = files.map(({ path: file }: { path: string }) => file);
    process.env[TOLD] = JSON.stringify({ folder, files: names });
    return remove;
  } catch (error) {
    remove();
    throw error;
  }
}

/** The installation of this run. */
export function installedPackage(): Installed {
  const { folder, files } = JSON.parse(process.env[TOLD] ?? '{}') as { folder: string; files: string[] };
  return {
    folder,
    files,
    service(name) {
      const service = path.join(folder, name);
      cpSync(path.join(root, 'test/package/services', name), service, { recursive: true });
      // All of them have the same one.
      cpSync(path.join(root, 'test/package/services/policy.ts'), path.join(folder, 'policy.ts'));
      return writePackage(service, name);
    },
    example(name) {
      const example = path.join(folder, name);
      // What somebody has made who has run it by hand is theirs.
      const filter = (from: string) => !/\/(?:node_modules|bin|pkg|\.claimcache)$/.test(from);
      cpSync(path.join(root, 'examples', name), example, { recursive: true, filter });
      return example;
    },
    site(name) {
      const site = path.join(folder, name);
      mkdirSync(site);
      return writePackage(site, name);
    },
    async add(...packages) {
      await npm(folder, 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages);
    },
    npx: (from, ...args) => ran(npx(from, args, { NODE_OPTIONS: '--experimental-vm-modules' })),
    async build(service) {
      const bin = (tool: string) => path.join(folder, 'node_modules/.bin', tool);
      await tool(bin('webpack'), ['--stats', 'errors-warnings'], service);
      await tool(
        bin('js-compute-runtime'),
        ['--enable-http-cache', 'bin/index.js', 'bin/main.wasm'],
        service,
      );
      return path.join(service, 'bin/main.wasm');
    },
    claimcache: (from, ...args) => ran(npx(from, ['claimcache', ...args])),
  };
}

function writePackage(folder: string, name: string): string {
  const content = JSON.stringify({ name, private: true, type: 'module' });
  writeFileSync(path.join(folder, 'package.json'), content);
  return folder;
}

async function ran(work: Promise<{ readonly stdout: string; readonly stderr: string }>): Promise<Ran> {
  try {
    const { stdout, stderr } = await work;
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, stdout, stderr };
  }
}

/** Versions that this repository is tested with. */
function versionsOf(folder: string): (name: string) => string {
  const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
  return (name) => packages[`node_modules/${name}`].version;
}

const isWindows = process.platform === 'win32';
const npm = (cwd: string, ...args: string[]) => tool('npm', args, cwd);
const npx = (cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
  run('npx', args, { cwd, shell: isWindows, env: { ...plainEnv(), ...env } });

async function tool(
  file: string,
  args: string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ stdout: string }> {
  const options = { cwd, shell: isWindows, env: { ...plainEnv(), ...env }, maxBuffer: 64 * 1024 * 1024 };
  try {
    return await run(file, args, options);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${path.basename(file)} ${args[0]} failed.\n${stdout ?? ''}${stderr ?? ''}`, {
      cause: error,
    });
  }
}

/** As in a terminal of somebody else: nothing that npm or vitest has set for this run. */
function plainEnv(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|NODE_OPTIONS$|VITEST|INIT_CWD$)/.test(name),
  );
  return Object.fromEntries(entries.filter(([name]) => name !== 'NODE_ENV'));
}
