import { fileURLToPath } from 'node:url';

/** `.ts` where the sources run as they are, `.js` in the package. */
const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The file of a module of this package: `identity/engines/pss`. */
export function ownModule(name: string): string {
  return fileURLToPath(new URL(`../${name}${EXTENSION}`, import.meta.url));
}

/** The specifier of a module beside another one: `./absent.ts`. */
export function siblingModule(name: string): string {
  return `./${name}${EXTENSION}`;
}
