import { globsOfRegex } from './regex-globs.ts';
import type { Token } from './tokens.ts';

/** What one comparison of a condition looks at. */
export type Test = { readonly text: string; readonly isNegated: boolean } & (
  | { readonly kind: 'path'; readonly globs: readonly string[]; readonly isExact: boolean }
  /** Patterns of names of cookies, of which one has to be there; null: any cookie at all. */
  | { readonly kind: 'cookie'; readonly names: readonly string[] | null }
  | { readonly kind: 'query' | 'authorization' | 'method' | 'fresh' | 'set-cookie' | 'tls' }
  | { readonly kind: 'header' | 'host'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'status'; readonly status: number | null }
  | { readonly kind: 'unknown' }
);

/** Alternatives, each of which is a list of tests that all hold. */
export type Condition = readonly (readonly Test[])[];

const MOST_ALTERNATIVES = 64;

/** A condition in its alternatives. */
export function conditionOf(tokens: readonly Token[]): Condition {
  return either(tokens, false, 0);
}

function either(tokens: readonly Token[], isNegated: boolean, depth: number): Condition {
  const sides = splitAt(tokens, isNegated ? '&&' : '||');
  if (sides.length > 1)
    return sides.flatMap((side) => either(side, isNegated, depth)).slice(0, MOST_ALTERNATIVES);
  const all = splitAt(tokens, isNegated ? '||' : '&&');
  if (all.length > 1) {
    return all
      .map((side) => either(side, isNegated, depth))
      .reduce<Condition>(
        (before, side) =>
          before.flatMap((one) => side.map((other) => [...one, ...other])).slice(0, MOST_ALTERNATIVES),
        [[]],
      );
  }
  const [first, ...rest] = tokens;
  if (first?.text === '!' && first.kind === 'sign' && depth < 50) return either(rest, !isNegated, depth + 1);
  if (first?.text === '(' && first.kind === 'sign' && closes(tokens) && depth < 50)
    return either(tokens.slice(1, -1), isNegated, depth + 1);
  return [[testOf(tokens, isNegated)]];
}

/** At a sign outside of parentheses. */
function splitAt(tokens: readonly Token[], sign: string): readonly (readonly Token[])[] {
  const sides: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'sign' && token.text === '(') depth++;
    if (token.kind === 'sign' && token.text === ')') depth--;
    if (depth === 0 && token.kind === 'sign' && token.text === sign) sides.push([]);
    else sides.at(-1)?.push(token);
  }
  return sides;
}

function closes(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const [i, { kind, text }] of tokens.entries()) {
    if (kind !== 'sign') continue;
    if (text === '(') depth++;
    if (text === ')' && --depth === 0) return i === tokens.length - 1;
  }
  return false;
}

function testOf(tokens: readonly Token[], outside: boolean): Test {
  const text = tokens.map((token) => (token.kind === 'text' ? `"${token.text}"` : token.text)).join(' ');
  const [subject, sign, value] = tokens;
  const name = subject?.text.toLowerCase() ?? '';
  const operator = sign?.text;
  const isNegated = outside !== (operator === '!~' || operator === '!=');
  const base = { text, isNegated };
  const said = value?.kind === 'text' && tokens.length === 3 ? value.text : null;
  const isMatch = operator === '~' || operator === '!~';

  if (/^(?:be)?req\.url(?:\.path)?$/.test(name) && said !== null) {
    const read = isMatch
      ? globsOfRegex(said)
      : { globs: [pathOf(said)], isExact: true, isQuery: said.includes('?') };
    const { globs, isExact, isQuery } = read;
    return isQuery ? { ...base, kind: 'query' } : { ...base, kind: 'path', globs, isExact };
  }
  if (/^std\.(?:prefixof|suffixof)$/.test(name)) {
    const literal = tokens.find(({ kind }) => kind === 'text')?.text;
    if (literal !== undefined && /req\.url/.test(text))
      return {
        ...base,
        kind: 'path',
        globs: [name.endsWith('prefixof') ? `${literal}*` : `*${literal}`],
        isExact: true,
      };
  }
  const field = /^(?:be)?req\.http\.([\w-]+)(?::([\w.-]+))?$/.exec(name);
  if (field !== null) {
    const [, header = '', part] = field;
    // The name of a cookie counts as it is written.
    const cookie = part === undefined ? undefined : subject?.text.split(':')[1];
    if (header === 'cookie' && cookie !== undefined)
      return {
        ...base,
        kind: 'cookie',
        names: [cookie],
        isNegated: said === '' ? operator !== '!=' : isNegated,
      };
    if (header === 'cookie')
      return { ...base, kind: 'cookie', names: said !== null && isMatch ? cookieNames(said) : null };
    if (header === 'authorization') return { ...base, kind: 'authorization' };
    if (header === 'host')
      return { ...base, kind: 'host', name: header, value: operator === '==' ? said : null };
    if (/^(?:fastly-ssl|x-forwarded-proto)$/.test(header)) return { ...base, kind: 'tls' };
    return { ...base, kind: 'header', name: header, value: said };
  }
  if (/^(?:be)?req\.(?:method|request)$/.test(name)) return { ...base, kind: 'method' };
  if (name === 'beresp.status')
    return {
      ...base,
      kind: 'status',
      status: operator === '==' && value?.kind === 'word' ? Number(value.text) || null : null,
    };
  if (/^beresp\.http\.set-cookie$/.test(name)) return { ...base, kind: 'set-cookie' };
  if (/^beresp\.(?:ttl|http\.(?:cache-control|expires|surrogate-control)(?::[\w-]+)?|cacheable)$/.test(name))
    return { ...base, kind: 'fresh' };
  return { ...base, kind: 'unknown' };
}

function pathOf(text: string): string {
  return text.split('?')[0]?.replace(/[*]/g, '?') ?? '/';
}

/** What an expression puts before a name so that it begins there. */
const BEFORE_NAME = /^\((?:\?:)?\^\|;\s*(?:\\s[*+]?)?\)/;

/**
 * Names that an expression over the whole Cookie field looks for: `session=|wordpress_logged_in` is `*session` and
 * `*wordpress_logged_in*`, `(^|;\s*)session=` is `session`. null: it may be any.
 */
export function cookieNames(regex: string): readonly string[] | null {
  const plain = regex.replace(BEFORE_NAME, '');
  const listed = plain.replace(/^\((?:\?:)?([^()]*)\)(=?)/, (_, inner: string, equals: string) =>
    inner
      .split('|')
      .map((one) => one + equals)
      .join('|'),
  );
  // Alternatives beside a group are not behind what stands before it.
  const isBounded =
    plain !== regex && (listed === plain ? !plain.includes('|') : plain.endsWith(')') || plain.endsWith('='));
  const names = new Set<string>();
  for (const alternative of listed.split('|')) {
    const [, name, equals] =
      /^([\w.-]+)(?:\[\^?[^\]]+\][*+]|\.[*+])?(=.*)?$/.exec(alternative.replace(/\\([.-])/g, '$1')) ?? [];
    if (name === undefined || name.length < 2) return null;
    const isWhole = equals !== undefined && alternative.replace(/\\/g, '').startsWith(`${name}=`);
    names.add(`${isBounded ? '' : '*'}${name}${isWhole ? '' : '*'}`);
  }
  return [...names];
}
