import * as v from 'valibot';

/** The shapes that settings share. */

export const text = v.pipe(v.string(), v.nonEmpty());
export const texts = v.array(text);
export const headerName = v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'an HTTP field name'));
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
