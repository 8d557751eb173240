import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../../scripts/root.ts';

export interface PackagedChromium {
  readonly executablePath: string;
  /** With the system libraries and the fonts that the package carries: a bare machine has none of them. */
  readonly env: Readonly<Record<string, string>>;
}

const PARENT = path.join(root, 'node_modules/.cache/claimcache');

/**
 * The Chromium in the package `@sparticuz/chromium`, for Linux on x64; null elsewhere. It is unpacked once, in seconds: under the name of
 * its version, and by a rename. The package itself unpacks into the system's temporary folder, where it takes for whole what an
 * interrupted run, an older version or another user has left there.
 */
export async function packagedChromium(): Promise<PackagedChromium | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = path.join(PARENT, `chromium-${packageVersion()}`);
  if (!existsSync(folder)) await unpack(folder);
  return {
    executablePath: path.join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: [path.join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH]
        .filter(Boolean)
        .join(':'),
      FONTCONFIG_FILE: path.join(folder, 'fonts.conf'),
    },
  };
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const main = require.resolve('@sparticuz/chromium');
  const home = main.slice(0, main.lastIndexOf('/build/'));
  return (require(`${home}/package.json`) as { version: string }).version;
}

async function unpack(folder: string): Promise<void> {
  await mkdir(PARENT, { recursive: true });
  const staging = await mkdtemp(path.join(PARENT, 'unpacking-'));
  try {
    // In a process of its own: TMPDIR says where to, and the name of Amazon's platform that the libraries are wanted.
    await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', "await (await import('@sparticuz/chromium')).default.executablePath()"],
      {
        cwd: root,
        env: { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
      },
    );
    await writeFile(path.join(staging, 'fonts.conf'), fontConfiguration(folder));
    // Another user may run the tests of the same checkout.
    await Promise.all([chmod(staging, 0o755), chmod(path.join(staging, 'chromium'), 0o755)]);
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Somebody else was faster: theirs is as whole.
    if (!existsSync(folder)) throw error;
  }
}

/** The package's own names /tmp, and the font would not be found anywhere else. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(folder, 'fonts')}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
}
