import type { EditableFields } from '../http/fields.ts';
import { namesHost } from '../http/same-host.ts';
import { authorityOf } from '../http/target.ts';
import type { OriginRequest } from '../platform/origin-request.ts';
import type { Platform } from '../platform/platform.ts';

const URL_FIELDS = ['location', 'content-location', 'refresh'] as const;
/** The delay and what may stand before the URL (HTML standard, shared declarative refresh steps); the URL; what is behind it. */
const REFRESH = /^(\s*[\d.]+[\s;,]*(?:url\s*=\s*)?["']?)([^"']*)(.*)$/is;

/**
 * Makes `Location`, `Content-Location` and `Refresh` that name the host under which the origin was asked name the visitor's scheme and host,
 * which are part of every key. Whoever is named before an `@` is left out. In place: a response on its way into Fastly's HTTP cache
 * has no headers but its own.
 *
 * @param hostOverride - What the platform puts in the place of our `Host`.
 * @returns whether anything was changed.
 */
export function nameVisitor(
  headers: EditableFields,
  request: OriginRequest,
  hostOverride: Platform['hostOverride'],
): boolean {
  let isChanged = false;
  for (const name of URL_FIELDS) {
    const value = headers.get(name);
    if (value === null) continue;
    const [, before = '', reference = '', after = ''] =
      name === 'refresh' ? (REFRESH.exec(value) ?? []) : ['', '', value];
    const url = visitorUrl(reference, request, hostOverride);
    if (url === null) continue;
    headers.set(name, `${before}${url}${after}`);
    isChanged = true;
  }
  return isChanged;
}

/** A reference as the visitor has to see it; null where it does not name the origin, or the origin is not told of a visitor: a key server is not. */
function visitorUrl(
  reference: string,
  { url: asked, headers, backend }: OriginRequest,
  hostOverride: Platform['hostOverride'],
): string | null {
  const scheme = headers.get('x-forwarded-proto');
  if (scheme === null || reference === '') return null;
  const host = authorityOf(asked);
  const visitor = `${scheme}://${host}`;
  let url: URL;
  try {
    url = new URL(reference, visitor);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  for (const origin of [headers.get('host'), hostOverride(backend)])
    if (origin !== null && origin.toLowerCase() !== host && namesHost(url, origin))
      return `${visitor}${url.pathname}${url.search}${url.hash}`;
  return null;
}
