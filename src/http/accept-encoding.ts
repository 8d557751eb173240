/** What reaches an origin in the place of a client's `Accept-Encoding`, best first, and selects a variant. */
export type Encoding = 'br, gzip' | 'br' | 'gzip' | 'zstd' | 'identity';

/** More than there are: a field of thousands would cost the time of many requests. */
const MAX_CODINGS = 30;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * What an origin is asked for, best first, and what selects a variant: one of five values. A coding with `q=0` is refused, `*` stands
 * for those not named, and no field at all means identity: a client that did not ask may not be able to decode. zstd is asked for
 * where the client takes neither br nor gzip: beside them it would split each object once more. `readable`: of what the edge itself
 * can decode, which br is not.
 */
export function normaliseAcceptEncoding(field: string | null, readable = false): Encoding {
  if (field === null) return 'identity';
  // What nearly every browser sends, without the walk.
  if (!readable && isOfABrowser(field)) return 'br, gzip';
  const weight = weightsOf(field);
  const gzip = weight('gzip');
  if (readable) return gzip > 0 ? 'gzip' : 'identity';
  const br = weight('br');
  // Preferred to br: then br is not asked for, and the client shares the variant of those who know gzip alone.
  if (gzip > 0) return br >= gzip ? 'br, gzip' : 'gzip';
  if (br > 0) return 'br';
  return weight('zstd') > 0 ? 'zstd' : 'identity';
}

/** Whether a client takes a content coding (RFC 9110 section 12.5.3). Who sends no field at all takes any. */
export function takesCoding(field: string | null, coding: string): boolean {
  if (field === null || ((coding === 'br' || coding === 'gzip') && isOfABrowser(field))) return true;
  return weightsOf(field)(coding) > 0;
}

function isOfABrowser(field: string): boolean {
  return field === 'gzip, deflate, br, zstd' || field === 'gzip, deflate, br';
}

/**
 * `identity;q=0`, or `*;q=0` where identity is not named: the client takes only what is encoded. Where it takes no coding at all there is
 * nothing that could be better than the plain answer.
 */
export function refusesIdentity(field: string | null): boolean {
  // No refusal without that, and most fields have none.
  if (field === null || !/q\s*=\s*0/i.test(field)) return false;
  const weights = readWeights(field);
  return weightOf(weights, 'identity', 1) === 0 && [...weights.values()].some((weight) => weight > 0);
}

function weightsOf(field: string): (coding: string) => number {
  const weights = readWeights(field);
  return (coding) => weightOf(weights, coding, 0);
}

/** `unnamed` is that of a coding which neither its name nor `*` stands for. */
function weightOf(weights: ReadonlyMap<string, number>, coding: string, unnamed: number): number {
  return weights.get(canonical(coding)) ?? weights.get('*') ?? unnamed;
}

/** Weights by coding. */
function readWeights(field: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of field.toLowerCase().split(',', MAX_CODINGS)) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((text) => /^q\s*=/.test(text))?.replace(/^q\s*=\s*/, '') ?? '1';
    weights.set(canonical(coding), QUALITY.test(quality) ? Number(quality) : 0);
  }
  return weights;
}

/** The old name of gzip (RFC 9110 section 8.4.1.3). */
function canonical(coding: string): string {
  return coding === 'x-gzip' ? 'gzip' : coding;
}
