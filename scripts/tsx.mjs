// `node --import ./scripts/tsx.mjs FILE.ts`: TypeScript as it is, or a sentence where that cannot be. `claimcache` is then the
// source beside it, never a built package.
import { register as registerHooks } from 'node:module';
import { missingPrerequisite } from '../cli/base/prerequisites.mjs';

const missing = missingPrerequisite();
if (missing !== null) {
  console.error(`error: ${missing}`);
  process.exit(1);
}
const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
commonJs.register();
modules.register();
const hooks = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, 'claimcache-source'] });`;
registerHooks(`data:text/javascript,${encodeURIComponent(hooks)}`);
