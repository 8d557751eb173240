import * as v from 'valibot';

/** The shapes that settings share. */

export const text = v.pipe(v.string(), v.nonEmpty());
export const texts = v.array(text);
export const headerName = v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'an HTTP field name'));
/** `*` may stand at the end of some. */
export const headerNames = v.pipe(
  v.string(),
  v.regex(/^[0-9A-Za-z][!#$%&'+.^_`|~0-9A-Za-z-]*\*?$/, 'an HTTP field name, or its beginning and `*`'),
);
/** A name alone `*` would be every cookie, a login too. */
export const cookieNames = v.pipe(
  v.string(),
  v.regex(
    /^(?!\*$)[!#$%&'+.^_`|~0-9A-Za-z-]*\*?[!#$%&'+.^_`|~0-9A-Za-z-]*$/,
    'the name of a cookie, with one `*` at most',
  ),
  v.nonEmpty(),
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
