import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError } from '../base/cli-error.ts';
import { runTool } from '../dev/run-tool.ts';

/** In a package this is dist/cli/init, in the sources cli/init. */
const isPackage = import.meta.url.endsWith('.js');
export const PACKAGE_ROOT = fileURLToPath(new URL(isPackage ? '../../../' : '../../', import.meta.url));

/** What package.json of a new service says of a dependency: of this package, and those that this is tested with. */
export interface PackageVersions {
  readonly version: string;
  readonly tested: Readonly<Record<string, string>>;
}

export function packageVersions(): PackageVersions {
  const {
    version,
    devDependencies = {},
    dependencies = {},
  } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return { version, tested: { ...dependencies, ...devDependencies } };
}

/**
 * How a new service depends on this package: on its version where it came from a registry; else on a tarball in `vendor/`, which is packed from
 * a clone, or copied from where it was installed.
 */
export async function packageSpec(
  folder: string,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  if (!isPackage) tell('Packing claimcache, which takes a minute …');
  const tarball = isPackage ? installedTarball() : await packed(signal);
  if (tarball === null) return `^${packageVersions().version}`;
  const vendor = path.join(folder, 'vendor');
  mkdirSync(vendor, { recursive: true });
  const name = path.basename(tarball);
  if (path.resolve(vendor, name) !== path.resolve(tarball)) copyFileSync(tarball, path.join(vendor, name));
  return `file:vendor/${name}`;
}

/** npm writes down where each package came from. */
function installedTarball(): string | null {
  const modules = path.dirname(PACKAGE_ROOT.replace(/[\\/]+$/, ''));
  try {
    const { packages } = JSON.parse(readFileSync(path.join(modules, '.package-lock.json'), 'utf8'));
    const resolved: unknown = packages[`node_modules/${path.basename(PACKAGE_ROOT)}`]?.resolved;
    if (typeof resolved !== 'string' || !/^file:.*\.tgz$/.test(resolved)) return null;
    const file = path.resolve(path.dirname(modules), decodeURI(resolved.slice('file:'.length)));
    if (existsSync(file)) return file;
    throw new CliError(
      'CLI_CONFIG',
      `The tarball that claimcache was installed from is not there any more: ${file}`,
      'Put it back, or say what to depend on: --package <version or file:…>',
    );
  } catch (error) {
    if (error instanceof CliError) throw error;
    return null;
  }
}

async function packed(signal: AbortSignal): Promise<string> {
  const target = path.join(PACKAGE_ROOT, 'build');
  mkdirSync(target, { recursive: true });
  const { isOk, output } = await runTool(
    `npm pack --pack-destination ${JSON.stringify(target)}`,
    { cwd: PACKAGE_ROOT },
    signal,
  );
  const file = path.join(target, `claimcache-${packageVersions().version}.tgz`);
  if (isOk && existsSync(file)) return file;
  throw new CliError(
    'CLI_FAILED',
    `The package cannot be packed:\n${output.trim().split('\n').slice(-15).join('\n')}`,
    'npm pack tells more.',
  );
}
