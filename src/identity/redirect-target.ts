const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Where a redirect of a key server leads; null where it is none. The backend leads to one server, whatever the URL says, so only a redirect
 * on the same origin can be meant for it.
 *
 * @throws where it leads elsewhere, or nowhere; the message names the URL, without its query.
 */
export function redirectTarget(
  { status, headers }: { readonly status: number; readonly headers: Pick<Headers, 'get'> },
  from: string,
): string | null {
  if (!REDIRECTS.has(status)) return null;
  const location = headers.get('location');
  if (location === null) throw new Error(`key server: status ${status} without a Location`);
  let target: URL;
  try {
    target = new URL(location, from);
  } catch {
    throw new Error('key server: a redirect to what is no URL');
  }
  const home = new URL(from);
  const isHome = target.protocol === home.protocol && target.host === home.host;
  if (!isHome || target.username !== '' || target.password !== '') {
    throw new Error(`key server: a redirect to ${target.origin}${target.pathname} is refused`);
  }
  target.hash = '';
  return target.href;
}
