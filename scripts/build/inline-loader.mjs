import { uneval } from 'devalue';

/**
 * A webpack loader that puts a value in the place of a module: plain data, with Maps, Sets and shared references.
 *
 * @this {import('webpack').LoaderContext<{ value: unknown }>}
 */
export default function inlineLoader() {
  return `export default ${uneval(this.getOptions().value)};\n`;
}
