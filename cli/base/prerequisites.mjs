// Runs before anything else, on any Node and without node_modules: what is missing is said in a sentence.
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/**
 * What keeps this from running, and what to do about it; null: nothing.
 *
 * @returns {string | null}
 */
export function missingPrerequisite() {
  return unsupportedNode() ?? (isInstalled('tsx') ? null : 'The dependencies are not installed. Run: npm ci');
}

/** @returns {string | null} */
export function unsupportedNode() {
  const { engines } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const { node } = process.versions;
  if (isInRange(node, engines.node)) return null;
  return `Node ${node} is not supported: claimcache needs Node ${engines.node}. Install one of these: https://nodejs.org/`;
}

/**
 * Whether a version is one of `^20.19.0 || >=24.0.0`: alternatives of these two kinds are all that `engines` has.
 *
 * @param {string} version
 * @param {string} range
 * @returns {boolean}
 */
export function isInRange(version, range) {
  const [major, minor, patch] = numbersOf(version);
  return range.split('||').some((part) => {
    const [, kind, from] = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/.exec(part) ?? [];
    if (from === undefined) throw new Error(`engines of package.json: ${part}`);
    const [fromMajor, fromMinor, fromPatch] = numbersOf(from);
    if (major !== fromMajor) return kind === '>=' && major > fromMajor;
    return minor > fromMinor || (minor === fromMinor && patch >= fromPatch);
  });
}

function numbersOf(version) {
  return version.split('-')[0].split('.').map(Number);
}

/** In this folder or one above it, as Node looks for packages. */
function isInstalled(name) {
  for (let folder = root; ; folder = new URL('..', folder)) {
    if (existsSync(new URL(`node_modules/${name}/package.json`, folder))) return true;
    if (folder.pathname === new URL('..', folder).pathname) return false;
  }
}
