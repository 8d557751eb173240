import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Bundles a service and makes the wasm; returns its path. */
  build(service: string): Promise<string>;
  /** `npx claimcache …` in a folder. */
  claimcache(folder: string, ...args: string[]): Promise<Ran>;
  remove(): void;
}

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Packs this package, and installs the tarball as a user would. */
export async function installPacked(): Promise<Installed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-package-'));
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
      ...['@fastly/js-compute', 'webpack', 'webpack-cli', 'hono'].map((name) => `${name}@${version(name)}`),
    );
    return {
      folder,
      files: files.map(({ path: file }: { path: string }) => file),
      service(name) {
        const service = path.join(folder, name);
        cpSync(path.join(root, 'test/package/services', name), service, { recursive: true });
        // All of them have the same one.
        cpSync(path.join(root, 'test/package/services/policy.ts'), path.join(folder, 'policy.ts'));
        writeFileSync(
          path.join(service, 'package.json'),
          JSON.stringify({ name, private: true, type: 'module' }),
        );
        return service;
      },
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
      async claimcache(from, ...args) {
        try {
          return { status: 0, ...(await npx(from, ['claimcache', ...args])) };
        } catch (error) {
          const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
          return { status: code, stdout, stderr };
        }
      },
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Versions that this repository is tested with. */
function versionsOf(folder: string): (name: string) => string {
  const { packages } = JSON.parse(readFileSync(path.join(folder, 'package-lock.json'), 'utf8'));
  return (name) => packages[`node_modules/${name}`].version;
}

const isWindows = process.platform === 'win32';
const npm = (cwd: string, ...args: string[]) => tool('npm', args, cwd);
const npx = (cwd: string, args: string[]) => run('npx', args, { cwd, shell: isWindows, env: plainEnv() });

async function tool(file: string, args: string[], cwd: string): Promise<{ stdout: string }> {
  try {
    return await run(file, args, { cwd, shell: isWindows, env: plainEnv(), maxBuffer: 64 * 1024 * 1024 });
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
