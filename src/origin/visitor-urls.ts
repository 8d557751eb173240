import type { EditableFields, NamedFields } from '../http/fields.ts';
import { HeaderFields } from '../http/header-fields.ts';
import { namesHost } from '../http/same-host.ts';
import { authorityOf } from '../http/target.ts';
import type { OriginRequest } from '../types/cache-engine.ts';
import type { HttpCacheHooks, Platform } from '../types/platform.ts';
import type { OriginWays } from './origin-lock.ts';

/** Under which hosts the origin was asked, and where the visitor sees it. */
interface Places {
  /** As in `Host`: ours, and what the platform may have put in its place. */
  readonly origin: readonly string[];
  /** Scheme and host, such as `https://www.example.com`. */
  readonly visitor: string;
}

const URL_FIELDS = ['location', 'content-location'] as const;
/** The delay and what may stand before the URL (HTML standard, shared declarative refresh steps); the URL; what is behind it. */
const REFRESH = /^(\s*[\d.]+[\s;,]*(?:url\s*=\s*)?["']?)([^"']*)(.*)$/is;

/**
 * The ways to an origin, on which `Location`, `Content-Location` and `Refresh` that name the host under which the origin was asked name
 * the visitor's instead, before anybody stores them or purges by them. Host and scheme of the visitor are part of every key.
 */
export function visitorUrls(
  { fetchOrigin, httpCache }: OriginWays,
  { respond, hostOverride }: Pick<Platform, 'respond' | 'hostOverride'>,
): OriginWays {
  return {
    async fetchOrigin(request) {
      const response = await fetchOrigin(request);
      if (!hasUrls(response.headers)) return response;
      const headers = new HeaderFields(response.headers);
      return nameVisitor(headers, request)
        ? respond(response.status, headers, response.body as ReadableStream<Uint8Array> | null)
        : response;
    },
    httpCache: httpCache && {
      async fetch(request, cacheKey, hooks) {
        const afterSend: HttpCacheHooks['afterSend'] = (candidate) => {
          if (hasUrls(candidate.headers)) nameVisitor(candidate.headers, request);
          return hooks.afterSend(candidate);
        };
        const beforeSend: HttpCacheHooks['beforeSend'] = (headers) => hooks.beforeSend(headers);
        const response = await httpCache.fetch(request, cacheKey, { beforeSend, afterSend });
        // Past a marker no hook has run.
        if (hasUrls(response.headers)) nameVisitor(response.headers, request);
        return response;
      },
    },
  };

  /** In place: a response on its way into Fastly's HTTP cache has no headers but its own. Returns whether anything was changed. */
  function nameVisitor(headers: EditableFields, request: OriginRequest): boolean {
    const places = placesOf(request, hostOverride);
    if (places === null) return false;
    let isChanged = false;
    for (const name of ['refresh', ...URL_FIELDS]) {
      const value = headers.get(name);
      const named = value === null ? null : (name === 'refresh' ? visitorRefresh : visitorUrl)(value, places);
      if (named === null) continue;
      headers.set(name, named);
      isChanged = true;
    }
    return isChanged;
  }
}

function hasUrls(headers: Pick<NamedFields, 'has'>): boolean {
  return headers.has('location') || headers.has('content-location') || headers.has('refresh');
}

/** null where the origin has no host but the visitor's, or is not told of it: a key server is not. */
function placesOf(
  { url, headers, backend }: OriginRequest,
  hostOverride: Platform['hostOverride'],
): Places | null {
  const scheme = headers.get('x-forwarded-proto');
  const host = authorityOf(url);
  const origin = [headers.get('host'), hostOverride(backend)].filter(
    (name) => name !== null && name.toLowerCase() !== host,
  ) as string[];
  return scheme === null || origin.length === 0 ? null : { origin, visitor: `${scheme}://${host}` };
}

function visitorRefresh(value: string, places: Places): string | null {
  const [, before = '', reference = '', after = ''] = REFRESH.exec(value) ?? [];
  const url = reference === '' ? null : visitorUrl(reference, places);
  return url === null ? null : `${before}${url}${after}`;
}

/** A reference as the visitor has to see it; null where it does not name the origin. Whoever is named before an `@` is left out. */
function visitorUrl(reference: string, { origin, visitor }: Places): string | null {
  let url: URL;
  try {
    url = new URL(reference, visitor);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const isOrigin = origin.some((host) => namesHost(url, host));
  return isOrigin ? `${visitor}${url.pathname}${url.search}${url.hash}` : null;
}
