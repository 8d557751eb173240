import { matches } from './conditional.ts';
import type { ReadonlyFields } from './fields.ts';

export type RangeAnswer =
  | { readonly kind: 'whole' }
  /** `end` is exclusive. */
  | { readonly kind: 'partial'; readonly start: number; readonly end: number; readonly contentRange: string }
  | { readonly kind: 'unsatisfiable'; readonly contentRange: string };

const WHOLE: RangeAnswer = { kind: 'whole' };

/**
 * What a `Range` asks of a body of `length` bytes (RFC 9110 section 14). One range of bytes is answered; several, another
 * unit, a malformed field, or an `If-Range` that does not hold get the whole.
 */
export function evaluateRange(
  request: ReadonlyFields,
  response: ReadonlyFields,
  length: number,
): RangeAnswer {
  const field = request.get('range');
  const range = field === null ? null : /^bytes=(\d*)-(\d*)$/i.exec(field.trim());
  if (range === null || !ifRangeHolds(request.get('if-range'), response)) return WHOLE;
  const [, first = '', last = ''] = range;
  if (first === '' && last === '') return WHOLE;
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return WHOLE;
  if (start >= length || (first === '' && Number(last) === 0)) {
    return { kind: 'unsatisfiable', contentRange: `bytes */${length}` };
  }
  return { kind: 'partial', start, end, contentRange: `bytes ${start}-${end - 1}/${length}` };
}

/** RFC 9110 section 13.1.5: a strong tag, or the very same date. */
function ifRangeHolds(ifRange: string | null, response: ReadonlyFields): boolean {
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return matches(ifRange, response.get('etag'), 'strong');
  return response.get('last-modified') === ifRange.trim();
}
