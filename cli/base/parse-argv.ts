/** Options whose value may be left out, and what counts as a value: everything else is the next argument. */
const OPTIONAL_URL = '--local';

/**
 * `--local` takes an optional URL, so that an argument parser would read `--local user 42` as a URL named `user`.
 * Without a URL behind it, it is given the empty value.
 */
export function bindOptionalUrl(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((argument, i) => {
    if (argument !== OPTIONAL_URL || (end !== -1 && i > end)) return [argument];
    return /^https?:\/\//i.test(argv[i + 1] ?? '') ? [argument] : [`${OPTIONAL_URL}=`];
  });
}
