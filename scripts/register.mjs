// `node --import ./scripts/register.mjs`: TypeScript runs as it is, and `claimcache` is the source beside it, never a built package.
import { register as registerHooks } from 'node:module';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
const hooks = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: [...context.conditions, 'claimcache-source'] });`;
registerHooks(`data:text/javascript,${encodeURIComponent(hooks)}`);
