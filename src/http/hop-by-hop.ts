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

/** Takes away the fields of one hop (RFC 9110 section 7.6.1), among them those that `Connection` names. */
export function stripHopByHop(headers: HeaderFields): void {
  const connection = headers.get('connection');
  if (connection !== null) {
    for (const part of connection.split(',')) {
      const name = part.trim().toLowerCase();
      if (/^[a-z0-9-]+$/.test(name) && !KEPT.has(name)) headers.delete(name);
    }
  }
  // Where both are there the coding overrules the length (RFC 9112 section 6.3), and does not travel on.
  if (headers.has('transfer-encoding')) headers.delete('content-length');
  headers.deleteWhere((name) => HOP_BY_HOP.has(name));
}
