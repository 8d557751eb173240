import { BoundedMap } from '../keys/bounded-map.ts';
import type { RequestFacts } from '../lanes/request-facts.ts';

/** What an origin is told of the URL that the visitor asked for. Host and scheme are part of every key. */
export type ForwardedFields = readonly (readonly [name: string, value: string])[];

/** Where the policy names no hosts a client chooses them. */
const MAX_KNOWN = 20;
const known = new BoundedMap<string, ForwardedFields>(MAX_KNOWN);

/**
 * `X-Forwarded-Host`, `-Proto`, `-Port` and `Forwarded` (RFC 7239) as the edge sets them on every lane; a client's own are dropped by
 * whatever spelling before anything is decided. Made once for each host: the readthrough cache is looked up with them.
 */
export function forwardedFields({ scheme, host }: Pick<RequestFacts, 'scheme' | 'host'>): ForwardedFields {
  const url = `${scheme}://${host}`;
  let fields = known.get(url);
  if (fields === undefined) {
    const port = /:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https' ? '443' : '80');
    fields = [
      ['x-forwarded-host', host],
      ['x-forwarded-proto', scheme],
      ['x-forwarded-port', port],
      // Quoted: a colon or a bracket is no character of a token.
      ['forwarded', `host="${host}";proto=${scheme}`],
    ];
    known.set(url, fields);
  }
  return fields;
}
