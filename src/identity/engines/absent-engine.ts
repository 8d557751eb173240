import type { JavaScriptEngine } from './engine.ts';

/** Stands in for an engine that no provider of the policy uses: nothing verifies. */
const engine: JavaScriptEngine = { verify: () => false, prepare() {} };

export default engine;
