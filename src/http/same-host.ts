/** The dot of the root: `example.com.` is the same host. */
const ROOT = /\.$/;

/**
 * Whether a URL names that host, with its port: both parsed, so that `HTTP://Origin.Example.:80/` names `origin.example`, and
 * `http://origin.example@evil.example/` does not.
 *
 * @param host - As in a `Host` field: without a port it is the default one of the URL's scheme.
 */
export function namesHost(url: URL, host: string): boolean {
  try {
    const own = new URL(`${url.protocol}//${host}`);
    return url.port === own.port && url.hostname.replace(ROOT, '') === own.hostname.replace(ROOT, '');
  } catch {
    return false;
  }
}
