import { uneval } from 'devalue';
import { share } from './share.mjs';

/**
 * A module that exports a value: plain data, with Maps, Sets and shared references.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function moduleOf(value) {
  return `export default ${uneval(share(value))};\n`;
}
