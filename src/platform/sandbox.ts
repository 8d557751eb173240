import { setReusableSandboxOptions } from 'fastly:experimental';

/**
 * One sandbox serves many requests, one after the other: what was compiled, imported and verified is there for the next.
 * Bounded, so that memory is too, and a rotated secret is never far from being read anew.
 */
export function reuseSandbox(): void {
  setReusableSandboxOptions({ maxRequests: 1000, betweenRequestTimeoutMs: 5000, maxMemoryMiB: 96 });
}
