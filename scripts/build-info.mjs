import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What `GET /.edge/status` tells of the build. With SOURCE_DATE_EPOCH the same sources give the same bytes. */
export function buildInfo() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const builtAt = (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString();
  return { version, revision: revision(), builtAt };
}

function revision() {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const head = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], options).trim();
    const isClean = execFileSync('git', ['status', '--porcelain', '-uno'], options).trim() === '';
    return isClean ? head : `${head}+changes`;
  } catch {
    return null;
  }
}
