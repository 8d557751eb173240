import type { TestEngine } from '../support/test-engine.ts';

/** Required tests that fail, and why that is right here. docs/proof/conformance.md shows them. */
export const KNOWN_FAILURES: Readonly<Record<string, string>> = {
  'surrogate-fresh-cc-nostore':
    'wants `Surrogate-Control: max-age=10000;<target>` to beat `no-store`; a directive for a target that was never announced is not for this cache',
};

const IGNORED =
  'an invalid `Age` is ignored, and of a list the first member counts (RFC 9111 section 5.1), as newer versions of the suite, not on npm, have it';

/** Required tests of 0.4.5 that contradict the standard, and that newer versions of the suite have turned round: they do not count. */
export const NOT_COUNTED: Readonly<Record<string, string>> = {
  'age-parse-nonnumeric': IGNORED,
  'age-parse-negative': IGNORED,
  'age-parse-float': IGNORED,
  'age-parse-prefix-twoline': IGNORED,
  'age-parse-dup-0': IGNORED,
  'age-parse-dup-0-twoline': IGNORED,
  'age-parse-dup-old': IGNORED,
  'age-parse-parameter': IGNORED,
  'age-parse-numeric-parameter': IGNORED,
};

/** Required tests that are skipped on both engines, by the reason. docs/proof/conformance.md shows them. */
export const SKIPPED: Readonly<Record<string, readonly string[]>> = {
  'they need stale responses by default; here `stale-if-error` or the route has to allow them': [
    'stale-close-must-revalidate',
    'stale-close-proxy-revalidate',
    'stale-close-no-cache',
    'stale-close-s-maxage=2',
  ],
  'such responses are not stored': [
    'headers-store-Content-Range',
    'headers-store-Set-Cookie',
    '304-etag-update-response-Content-Range',
    '304-etag-update-response-Set-Cookie',
  ],
  'an unknown coding is a 406': [
    'headers-store-Content-Encoding',
    '304-etag-update-response-Content-Encoding',
  ],
  'an unknown method is a 501': ['invalidate-M-SEARCH', 'invalidate-M-SEARCH-cl'],
  '`Authorization` passes, with `no-store`': ['other-authorization'],
};

/** The same, on `readthrough` alone. */
export const SKIPPED_BY_READTHROUGH: Readonly<Record<string, readonly string[]>> = {
  'on `readthrough`: its entry is stale a second too early': ['conditional-etag-vary-headers'],
};

/** Required tests that are skipped. */
export const KNOWN_SKIPS: Readonly<Record<TestEngine, readonly string[]>> = {
  readthrough: Object.values({ ...SKIPPED, ...SKIPPED_BY_READTHROUGH }).flat(),
  core: Object.values(SKIPPED).flat(),
};
