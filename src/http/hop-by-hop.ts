import type { HeaderFields } from './header-fields.ts';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Naming one of these in `Connection` must not strip what decisions rest on. */
const KEPT = new Set([
  'authorization',
  'cookie',
  'host',
  'cache-control',
  'set-cookie',
  'vary',
  'www-authenticate',
]);

/**
 * Takes away the fields of one hop (RFC 9110 section 7.6.1), among them those that `Connection` names.
 *
 * @param kept - What `Connection` cannot name either.
 * @param isUnwanted - What else goes, in the same walk; it has to say yes to the fields of one hop too.
 */
export function stripHopByHop(
  headers: HeaderFields,
  kept: readonly string[] = [],
  isUnwanted: (name: string) => boolean = isHopByHop,
): void {
  const field = headers.get('connection');
  const named = field === null || USUAL.has(field) ? NOTHING : namedBy(field, kept);
  // Where both are there the coding overrules the length (RFC 9112 section 6.3), and does not travel on.
  if (headers.has('transfer-encoding')) headers.delete('content-length');
  headers.deleteWhere(named === NOTHING ? isUnwanted : (name) => isUnwanted(name) || named.has(name));
}

/** By its own name, whatever `Connection` says. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name);
}

/** Each name once: a field of thousands costs no more than reading it. */
function namedBy(field: string, kept: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of field.toLowerCase().split(',', MAX_NAMED)) {
    const name = part.trim();
    if (!KEPT.has(name) && !kept.includes(name)) names.add(name);
  }
  return names;
}

const NOTHING: ReadonlySet<string> = new Set();

const USUAL: ReadonlySet<string> = new Set(['keep-alive', 'close', 'Keep-Alive', 'upgrade']);
const MAX_NAMED = 1000;
