import { definePolicy } from '../../src/policy/define.ts';

/** The public lane for everything, with the origin's own freshness: what the suite is about. */
export default definePolicy({
  origins: { app: { backend: 'origin' } },
  routes: {
    everything: { path: '/**', lane: 'public', vary: ['accept-language', 'foo', 'bar', 'baz', 'abc'] },
  },
});
