import * as v from 'valibot';
import { didYouMean } from './did-you-mean.ts';

/** The shapes that settings share. Each says in a sentence what it expects, with an example. */

export const text = v.pipe(
  v.string('Expected a text in quotes.'),
  v.nonEmpty('The text is empty: write one, or remove the setting.'),
);
const BACKEND = "Expected the name of a backend of fastly.toml, such as 'origin'.";
export const backendName = v.pipe(v.string(BACKEND), v.nonEmpty(BACKEND));
export const texts = list(text, "['one', 'another']");
export const flag = v.boolean('Expected true or false.');

/** Without the star that a token may have (RFC 9110 section 5.6.2): nobody names a field so, and many mean a pattern by it. */
export const headerName = matching(
  /^[!#$%&'+.^_`|~0-9A-Za-z-]+$/,
  'Expected the name of an HTTP field, such as "x-user-id"; * stands for no others here.',
);
/** A name of its own, or a pattern that names more than "any cookie". */
export const cookieName = matching(
  /^(?!\*+$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/,
  'Expected the name of a cookie, or a pattern of names that is not * alone: "session", "wp_session_*".',
);
/** What browsers understand (Fetch standard, section 3.2.2): names, or `*` alone for all of them. */
export const corsHeader = matching(
  /^(?:\*|[!#$%&'+.^_`|~0-9A-Za-z-]+)$/,
  'Expected the name of an HTTP field, such as "content-type", or * alone.',
);
/** `*` may stand at the end of some. */
export const headerNames = matching(
  /^[0-9A-Za-z][!#$%&'+.^_`|~0-9A-Za-z-]*\*?$/,
  'Expected the name of an HTTP field, or its beginning and *: "x-debug", "x-internal-*".',
);
const PATH = 'Expected a path pattern that begins with /, such as "/api/orders/:id".';
export const path = v.pipe(v.string(PATH), v.startsWith('/', PATH));

export const seconds = whole(0, 31_536_000, 'seconds');
export const secondsUpTo = (max: number) => whole(1, max, 'seconds');
export const millisecondsUpTo = (max: number) => whole(1, max, 'milliseconds');
export const count = (max: number) => whole(1, max, '');

/** A text of one form. */
export function matching(pattern: RegExp, expected: string) {
  return v.pipe(v.string(expected), v.regex(pattern, expected));
}

/** A whole number. A time that is written as a text gets the number that is meant. */
export function whole(min: number, max: number, unit: '' | 'seconds' | 'milliseconds') {
  const expected = ({ input }: v.BaseIssue<unknown>) => {
    const meant = typeof input === 'string' ? numberMeant(input, unit) : null;
    const example = meant !== null && meant >= min && meant <= max ? meant : Math.min(max, 300);
    const of = unit === '' ? '' : ` of ${unit}`;
    return `Expected a whole number${of} from ${min} to ${max}, without quotes, such as ${example}.`;
  };
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
  );
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** 300 for `5m` or `300`. null: no time that anybody would mean by it. */
function numberMeant(input: string, unit: '' | 'seconds' | 'milliseconds'): number | null {
  const [, digits = '', suffix] = /^\s*(\d{1,9})\s*(ms|s|min|m|h|d)?\s*$/i.exec(input) ?? [];
  if (digits === '' || suffix === undefined || unit === '') return digits === '' ? null : Number(digits);
  const inSeconds = Number(digits) * (UNITS[suffix.toLowerCase()] ?? 1);
  return unit === 'seconds' ? Math.ceil(inSeconds) : inSeconds * 1000;
}

/** One of a few values. */
export function choice<const T extends string | number>(...values: readonly T[]) {
  const shown = values.map((value) => JSON.stringify(value));
  const all = `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
  const near = (input: unknown) => (typeof input === 'string' ? didYouMean(input, values.map(String)) : '');
  return v.picklist(values, ({ input }) => `Expected ${all}.${near(input)}`);
}

/** A list; `example` is one, as it is written. */
export function list<T extends v.GenericSchema>(
  item: T,
  example: string,
  { atLeast = 0, atMost = Number.POSITIVE_INFINITY } = {},
) {
  const limits = Number.isFinite(atMost)
    ? ` of ${atLeast} to ${atMost} entries`
    : atLeast > 0
      ? ' of at least one entry'
      : '';
  const expected = `Expected a list${limits}, such as ${example}.`;
  return v.pipe(v.array(item, expected), v.minLength(atLeast, expected), v.maxLength(atMost, expected));
}

/** Entries under names of their own. */
export function record<T extends v.GenericSchema>(value: T, key: v.GenericSchema<string> = v.string()) {
  return v.record(key, value, 'Expected an object, with a name for each entry: { name: … }.');
}

/** Of more a page of the documentation tells. */
const MAX_NAMES = 8;

/** An object with these settings and no others. */
export function object<const T extends v.ObjectEntries>(entries: T) {
  const names = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    const name = String(issue.path?.at(-1)?.key);
    if (issue.expected === 'never') return didYouMean(name, names) || ` Settings here: ${some(names)}.`;
    if (issue.expected !== 'Object') return `This setting is required. ${expectedOf(entries[name])}`;
    const shown = names.map((one) => (isOptional(entries[one]) ? `${one}?` : one));
    return `Expected an object of settings: { ${some(shown)} }.`;
  });
}

function some(names: readonly string[]): string {
  return names.length > MAX_NAMES ? `${names.slice(0, MAX_NAMES).join(', ')}, …` : names.join(', ');
}

function expectedOf(schema: v.ObjectEntries[string] | undefined): string {
  const [issue] =
    schema === undefined ? [] : (v.safeParse(schema as v.GenericSchema, undefined).issues ?? []);
  return issue?.message ?? '';
}

function isOptional(schema: v.ObjectEntries[string] | undefined): boolean {
  return schema?.type === 'optional';
}

type Case = readonly [fits: (input: unknown) => boolean, schema: v.GenericSchema];

/**
 * One of several shapes, told apart by what is there: what is wrong within the shape that somebody means is said of that place. Where none
 * fits, `expected` says what there is to choose from.
 */
export function oneOf(expected: string, ...cases: readonly Case[]): v.GenericSchema {
  const none = v.custom<unknown>(() => false, expected);
  return v.lazy((input) => cases.find(([fits]) => fits(input))?.[1] ?? none);
}

export const isText = (input: unknown) => typeof input === 'string';
export const isNumber = (input: unknown) => typeof input === 'number';
export const isFlag = (input: unknown) => typeof input === 'boolean';
export const isList = Array.isArray;
export const isObject = (input: unknown) => typeof input === 'object' && input !== null && !isList(input);
/** An object with a setting of that name. */
export const has = (name: string) => (input: unknown) => isObject(input) && name in (input as object);
