import type { Compiler } from 'webpack';
import { minimize } from './minimize.ts';

const CONDITION = 'fastly';

/** What each build for Fastly Compute needs, so that no configuration has to say it. */
export function buildForCompute(compiler: Compiler): void {
  // Now, because webpack then has no minimizer but one that the configuration names.
  compiler.options.optimization.minimizer ??= [minimize];
  // By then webpack has filled in its defaults, and has not used them yet.
  compiler.hooks.environment.tap('claimcache', () => {
    const { resolve, output, module } = compiler.options;
    const conditions = resolve.conditionNames ?? [];
    // Packages name their code for Compute by it. Without it `claimcache` is the code for Node.
    if (!conditions.includes(CONDITION)) resolve.conditionNames = [CONDITION, ...conditions];
    // npm writes "type": "commonjs" into a new package.json; a service is modules all the same.
    module.rules.push({
      test: /\.js$/,
      descriptionData: { type: 'commonjs' },
      exclude: /[\\/]node_modules[\\/]/,
      type: 'javascript/auto',
    });
    // The platform's own modules are resolved by js-compute-runtime.
    new compiler.webpack.ExternalsPlugin(output.module ? 'module' : 'commonjs', /^fastly:/).apply(compiler);
  });
}
