import { uneval } from 'devalue';

/** A module that exports a value: plain data, with Maps, Sets and shared references. */
export function moduleOf(value: unknown): string {
  return `export default ${uneval(value)};\n`;
}
