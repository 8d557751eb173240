import { uneval } from 'devalue';
import { share } from './share.ts';

/** A module that exports a value: plain data, with Maps, Sets and shared references. */
export function moduleOf(value: unknown): string {
  return `export default ${uneval(share(value))};\n`;
}
