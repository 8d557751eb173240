/** Whether a pattern means a host, or all that another pattern means. `*.example.com` means neither `example.com` nor `badexample.com`. */
export function coversHost(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  return pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

/** Whether a host is one that both name; without hosts a route is of all. */
export function hostsMeet(some: readonly string[], others: readonly string[]): boolean {
  if (some.length === 0 || others.length === 0) return true;
  return some.some((one) => others.some((other) => coversHost(one, other) || coversHost(other, one)));
}
