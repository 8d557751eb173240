import type { Encoding } from '../types/readthrough.ts';

/** More than there are: a field of thousands would cost the time of many requests. */
const MAX_CODINGS = 30;

/**
 * The best of br and gzip that the client takes (RFC 9110 section 12.5.3). A coding with `q=0` is refused, `*` stands for those not
 * named, and no field at all means identity: a client that did not ask may not be able to decode. `readable`: of what the edge
 * itself can decode, which br is not.
 */
export function normaliseAcceptEncoding(field: string | null, readable = false): Encoding {
  if (field === null) return 'identity';
  // What nearly every browser sends, without the walk.
  if (field === 'gzip, deflate, br' || field === 'gzip, deflate, br, zstd') return 'br';
  const weights = new Map<string, number>();
  for (const part of field.toLowerCase().split(',', MAX_CODINGS)) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((text) => text.startsWith('q='))?.slice(2) ?? '1';
    weights.set(
      coding === 'x-gzip' ? 'gzip' : coding,
      /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(quality) ? Number(quality) : 0,
    );
  }
  const weight = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  if (!readable && weight('br') > 0 && weight('br') >= weight('gzip')) return 'br';
  return weight('gzip') > 0 ? 'gzip' : 'identity';
}
