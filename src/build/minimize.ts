import { type Options, transform } from '@swc/core';
import type { Compiler } from 'webpack';

const NAME = 'claimcache minimize';

/**
 * Minimizes a bundle with SWC. The runtime collects garbage after each request, and walks each function and each block scope: SWC
 * puts functions that are called once into their caller, as Terser does not, and makes `var` of `let` and `const`.
 */
export function minimize(compiler: Compiler): void {
  const { Compilation, sources } = compiler.webpack;
  compiler.hooks.compilation.tap(NAME, (compilation) => {
    const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE;
    compilation.hooks.processAssets.tapPromise({ name: NAME, stage }, async (assets) => {
      for (const [file, asset] of Object.entries(assets)) {
        if (!/\.[cm]?js$/.test(file)) continue;
        const { source, map: before } = asset.sourceAndMap();
        const text = String(source);
        const isMapped = before !== null;
        const { code, map } = await transform(text, {
          ...OPTIONS,
          isModule: compiler.options.output.module ?? false,
          ...(isMapped && { sourceMaps: true, inputSourceMap: JSON.stringify(before) }),
        });
        const minimized =
          isMapped && map !== undefined
            ? new sources.SourceMapSource(code, file, map, text, JSON.stringify(before), true)
            : new sources.RawSource(code);
        compilation.updateAsset(file, minimized, { minimized: true });
      }
    });
  });
}

const OPTIONS: Options = {
  // A service may be a part of a repository with settings for SWC that are meant for something else.
  configFile: false,
  swcrc: false,
  minify: true,
  jsc: {
    parser: { syntax: 'ecmascript' },
    minify: {
      compress: { passes: 3, toplevel: true },
      mangle: { toplevel: true },
      format: { comments: false },
    },
  },
  // The engine of the runtime is that of Firefox, of a later version.
  env: { targets: { firefox: '128' }, include: ['transform-block-scoping'] },
};
