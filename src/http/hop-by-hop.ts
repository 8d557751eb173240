import type { Fields } from '../types.ts';

const HOP_BY_HOP = [
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
];
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
export function stripHopByHop(headers: Fields): void {
  for (const part of headers.get('connection')?.split(',') ?? []) {
    const name = part.trim().toLowerCase();
    if (/^[a-z0-9-]+$/.test(name) && !KEPT.has(name)) headers.delete(name);
  }
  for (const name of HOP_BY_HOP) headers.delete(name);
}
