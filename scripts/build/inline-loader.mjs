import { uneval } from 'devalue';
import { share } from './share.mjs';

/**
 * A webpack loader that puts a value in the place of a module: plain data, with Maps, Sets and shared references.
 *
 * @this {import('webpack').LoaderContext<{ value: unknown }>}
 */
export default function inlineLoader() {
  return `export default ${uneval(share(this.getOptions().value))};\n`;
}
