import * as v from 'valibot';

/** The shapes that settings share. */

export const text = v.pipe(v.string(), v.nonEmpty());
export const texts = v.array(text);
/** Without the star that a token may have (RFC 9110 section 5.6.2): nobody names a field so, and many mean a pattern by it. */
export const headerName = v.pipe(
  v.string(),
  v.regex(/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/, 'an HTTP field name: no * stands for others here'),
);
/** A name of its own, or a pattern that names more than "any cookie". */
export const cookieName = v.pipe(
  v.string(),
  v.regex(/^(?!\*+$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'a cookie name or a pattern of names: wp_session_*'),
);
/** What browsers understand (Fetch standard, section 3.2.2): names, or `*` alone for all of them. */
export const corsHeader = v.union([v.literal('*'), headerName], 'an HTTP field name, or * alone');
/** `*` may stand at the end of some. */
export const headerNames = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z][!#$%&'+.^_`|~0-9A-Za-z-]*\*?$/, 'an HTTP field name, or its beginning and `*`'),
);
export const path = v.pipe(v.string(), v.startsWith('/', 'a path pattern that begins with /'));
export const seconds = v.pipe(v.number(), v.integer('whole seconds'), v.minValue(0), v.maxValue(31_536_000));
export const count = (max: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(max));
export const record = <T extends v.GenericSchema>(value: T) => v.record(v.string(), value);

export const claimValue = v.union([
  v.pipe(v.string(), v.nonEmpty()),
  v.pipe(v.number(), v.safeInteger()),
  v.boolean(),
]);
export const requiredClaims = record(
  v.union([v.literal(true), claimValue, v.pipe(v.array(claimValue), v.minLength(1))]),
);
