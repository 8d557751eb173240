import { parseDictionary } from 'structured-headers';
import { type Directives, parseDirectives } from '../../http/directives.ts';
import type { NamedFields } from '../../http/fields.ts';

/** The field that decides, and what it says. */
export interface CachingField {
  readonly name: 'surrogate-control' | 'cdn-cache-control' | 'cache-control' | null;
  /** Speaks to a cache like this one only (RFC 9213), so that it can allow what `Cache-Control` keeps from others. */
  readonly targeted: boolean;
  readonly directives: Directives;
}

/**
 * The first valid of `Surrogate-Control` and `CDN-Cache-Control` (RFC 9213), else `Cache-Control`. A targeted field that
 * is empty or does not parse is ignored, as section 2.1 asks.
 */
export function cachingField(headers: NamedFields): CachingField {
  const surrogate = headers.get('surrogate-control');
  if (surrogate !== null) {
    const directives = parseDirectives(surrogate);
    // Older than RFC 9213, and not a structured field: `content="ESI/1.0"` may stand beside `max-age`, or alone: then it
    // says nothing of caching. What cannot be read can still forbid.
    if ((directives.malformed ? FORBIDDING : SPEAKING).some((name) => directives.has(name))) {
      return { name: 'surrogate-control', targeted: true, directives: plainMaxAge(surrogate) };
    }
  }
  const cdn = headers.get('cdn-cache-control');
  const structured = cdn === null ? null : fromDictionary(cdn);
  if (structured !== null) return { name: 'cdn-cache-control', targeted: true, directives: structured };

  const plain = headers.get('cache-control');
  if (plain !== null) return { name: 'cache-control', targeted: false, directives: parseDirectives(plain) };
  // HTTP/1.0 origins say it so; only without Cache-Control does it mean anything (RFC 9111 section 5.4).
  const pragma = /(?:^|[\s,])no-cache(?:$|[\s,])/i.test(headers.get('pragma') ?? '');
  return { name: null, targeted: false, directives: parseDirectives(pragma ? 'no-cache' : '') };
}

const FORBIDDING = ['no-store', 'no-cache', 'private'];
/** By one of these a `Surrogate-Control` is about caching. */
const SPEAKING = [...FORBIDDING, 's-maxage', 'max-age', 'must-revalidate', 'proxy-revalidate'];

/** `Surrogate-Control: max-age=60+30`: fresh for 60 s, and 30 s more while stale. */
function plainMaxAge(field: string): Directives {
  return parseDirectives(
    field.replace(/(max-age|s-maxage)\s*=\s*(\d+)\+(\d+)/i, '$1=$2, stale-while-revalidate=$3'),
  );
}

/** A structured-fields dictionary as directives; null where it is not one, or is empty. */
function fromDictionary(field: string): Directives | null {
  // The parser makes one number of `60` and `60.0`.
  const hasDecimal = (name: string) => new RegExp(`(?:^|[\\s,])${name}=-?\\d+\\.`).test(field);
  try {
    const members = [...parseDictionary(field)];
    if (members.length === 0) return null;
    const text = members
      // `max-age="60"`, `max-age=60.5` and `max-age=60.0` have the wrong type: RFC 9213 section 2.1 has them ignored.
      .filter(([name, [value]]) => !SECONDS.has(name) || (Number.isSafeInteger(value) && !hasDecimal(name)))
      .filter(([, [value]]) => value !== false)
      .map(([name, [value]]) => (typeof value === 'number' ? `${name}=${value}` : name));
    return parseDirectives(text.join(', '));
  } catch {
    return null;
  }
}

const SECONDS = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']);
