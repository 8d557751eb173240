import { EdgeError } from '../errors.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { hasLostFields } from '../http/lost-fields.ts';
import { WITHOUT_CONTENT } from '../http/without-content.ts';
import type { HttpCachePort } from '../platform/http-cache-port.ts';
import type { Platform } from '../platform/platform.ts';
import { nameVisitor } from './visitor-urls.ts';

/** The platform takes `chunked` off, and no other transfer coding: packed bytes would go out as plain ones. */
const PACKED = /(?:^|[\s,])(?:x-)?(?:gzip|compress|deflate)(?:$|[\s,;])/i;
const TOO_LONG = 'a field that is too long';

/**
 * The ways to an origin, on which an answer that could not be handed on is a failure of the origin before anybody stores it: a
 * status that is none, a 101 that nobody asked for, a body that a transfer coding has packed, headers too long for the platform. URLs
 * in its headers that name the origin's own host name the visitor's from here on.
 */
export function usableResponses(platform: Platform): Pick<Platform, 'fetchOrigin' | 'httpCache'> {
  const { httpCache } = platform;
  return {
    async fetchOrigin(request) {
      const response = await platform.fetchOrigin(request);
      const { status, headers, body } = response;
      const why = unusable(status, headers) ?? (hasLostFields(headers) ? TOO_LONG : null);
      const hasContent = !WITHOUT_CONTENT.has(status);
      if (why === null && hasContent && !hasUrls(headers)) return response;
      if (why !== null || !hasContent) body?.cancel().catch(() => {});
      if (why !== null) throw failure(why);
      const fields = new HeaderFields(headers);
      const isChanged = nameVisitor(fields, request, platform.hostOverride);
      if (hasContent && !isChanged) return response;
      if (!hasContent) fields.delete('content-length');
      return platform.respond(
        status,
        fields,
        hasContent ? (body as ReadableStream<Uint8Array> | null) : null,
      );
    },
    httpCache: httpCache && { fetch: usableFetch(httpCache, platform.hostOverride) },
  };
}

function usableFetch(
  httpCache: HttpCachePort,
  hostOverride: Platform['hostOverride'],
): HttpCachePort['fetch'] {
  return async (request, cacheKey, hooks) => {
    const response = await httpCache.fetch(request, cacheKey, {
      beforeSend: (headers) => hooks.beforeSend(headers),
      // Thrown at once, and not as a promise: only then a stale copy may take its place.
      afterSend(candidate) {
        const why = unusable(candidate.status, candidate.headers);
        if (why !== null) throw failure(why);
        if (WITHOUT_CONTENT.has(candidate.status)) candidate.headers.delete('content-length');
        if (hasUrls(candidate.headers)) nameVisitor(candidate.headers, request, hostOverride);
        return hooks.afterSend(candidate);
      },
    });
    // What an earlier release has stored.
    const why = unusable(response.status, response.headers);
    if (why !== null) throw failure(why);
    // Past a marker no hook has run.
    if (hasUrls(response.headers)) nameVisitor(response.headers, request, hostOverride);
    if (!WITHOUT_CONTENT.has(response.status)) return response;
    response.body?.cancel().catch(() => {});
    const headers = new HeaderFields(response.headers);
    headers.delete('content-length');
    return { ...response, headers, body: null };
  };
}

function hasUrls(headers: Pick<Headers, 'has'>): boolean {
  return headers.has('location') || headers.has('content-location') || headers.has('refresh');
}

function unusable(status: number, headers: Pick<Headers, 'get'>): string | null {
  if (!(status >= 200 && status <= 599)) return `the status ${status}`;
  try {
    const coding = headers.get('transfer-encoding');
    return coding !== null && PACKED.test(coding) ? 'a body that is packed by its transfer coding' : null;
  } catch {
    return TOO_LONG;
  }
}

function failure(why: string): EdgeError {
  return new EdgeError('ERR_ORIGIN_RESPONSE', { cause: new Error(`the origin answered with ${why}`) });
}
