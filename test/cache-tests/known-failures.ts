/** Required tests that fail, and why that is right here. Repeated in docs/conformance.md. */
export const KNOWN_FAILURES: Readonly<Record<string, string>> = {
  'age-parse-prefix':
    'wants `Age: 0,7200` to count as 0; an Age of several numbers counts as old here, which is what its neighbours want',
  'surrogate-fresh-cc-nostore':
    'wants `Surrogate-Control: max-age=10000;<target>` to beat `no-store`; a directive for a target that was never announced is not for this cache',
};
