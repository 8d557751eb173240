import { type Directives, parseDirectives } from '../../http/directives.ts';
import { NO_STORE } from '../../http/no-store.ts';
import { addVary } from '../../http/vary.ts';

/** What the lanes said of who may keep their answer, before a handler could change it. */
export interface OfLanes {
  readonly response: Response;
  readonly cacheControl: string | null;
  readonly vary: string | null;
  readonly contentLength: string | null;
}

/** Fields that are meant for a cache in front of the edge, whatever `Cache-Control` says beside them. */
const TARGETED = /^(?:surrogate-control|edge-control|x-accel-expires|.+-cache-control)$/;

/** What purges go by is nobody's business behind the edge. The lanes have taken it from their own answers. */
const TAGS = ['surrogate-key', 'cache-tag', 'xkey'];

/** Takes from the headers of an answer what a handler must not say there. */
export function guard({ headers }: Response, ofLanes: OfLanes | null, isOfLanes: boolean): void {
  const said = headers.get('cache-control');
  // The lanes have framed their answer, and the platform frames every other.
  const length = isOfLanes ? (ofLanes?.contentLength ?? null) : null;
  headers.delete('transfer-encoding');
  if (!isOfLanes) for (const name of TAGS) headers.delete(name);
  if (length === null) headers.delete('content-length');
  else headers.set('content-length', length);
  if (ofLanes === null) {
    if (said === null) headers.set('cache-control', NO_STORE);
    return;
  }
  if (!restricts(parseDirectives(ofLanes.cacheControl ?? ''))) return;
  for (const name of [...headers.keys()]) if (TARGETED.test(name)) headers.delete(name);
  // What a browser may keep of one user it must not show to the next on the same machine.
  if (ofLanes.vary !== null)
    addVary(
      headers,
      ofLanes.vary.split(',').map((name) => name.trim()),
    );
  if (!isPrivate(parseDirectives(said ?? ''))) {
    headers.set('cache-control', ofLanes.cacheControl ?? NO_STORE);
    headers.delete('expires');
  }
}

/** An answer of the lanes that is not for everybody, in whatever way it says so. */
function restricts({ has, malformed }: Directives): boolean {
  return malformed || has('private') || has('no-store');
}

/** No cache between the edge and the browser keeps any part of it (RFC 9111 sections 5.2.2.3, 5.2.2.5 and 5.2.2.7). */
function isPrivate({ has, hasPlain, malformed }: Directives): boolean {
  if (malformed || has('public') || has('s-maxage')) return false;
  return hasPlain('private') || (has('no-store') && !has('must-understand'));
}
