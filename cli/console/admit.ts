import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { sha256 } from '@noble/hashes/sha2.js';

/** Why a request is refused. */
export interface Refusal {
  readonly status: 403 | 415;
  readonly error: string;
}

/**
 * Only a page that was opened by this server's own address: a name that somebody else has pointed to this machine (DNS rebinding) is
 * another host, and has another `Host`.
 */
export function refuseHost(request: IncomingMessage, port: number): Refusal | null {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (hosts.includes(request.headers.host ?? '')) return null;
  return { status: 403, error: `this server answers to ${hosts.join(' and ')} alone` };
}

/**
 * Only somebody who has the key, which stands in the address that the command printed: another account on this machine can reach the port,
 * too. It comes in a header, which no other site's page can send.
 */
export function refuseKey(given: string | null, key: string): Refusal | null {
  const digest = (text: string) => sha256(new TextEncoder().encode(text));
  if (given !== null && timingSafeEqual(digest(given), digest(key))) return null;
  return { status: 403, error: 'open the address that the command has printed: the key is missing or old' };
}

/** Only this page itself: what changes something comes from our own origin, as JSON, which other sites cannot send unasked. */
export function refuseOrigin({ headers }: IncomingMessage): Refusal | null {
  if (headers.origin !== `http://${headers.host}`)
    return { status: 403, error: 'only the console itself may ask' };
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    return { status: 415, error: 'expected JSON' };
  return null;
}
