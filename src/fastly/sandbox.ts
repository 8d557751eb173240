import { setReusableSandboxOptions } from 'fastly:experimental';
import type { Policy } from '../policy/policy.ts';

/** Of the 128 that the platform allows: the sandbox ends before a request finds too little. */
const MAX_MEMORY_MIB = 96;

/**
 * One sandbox serves many requests, one after the other: what was compiled, imported and verified is there for the next.
 * Bounded, so that memory is too, and a rotated secret is never far from being read anew. To be called while the service is built.
 */
export function reuseSandbox({
  sandboxRequests,
  sandboxIdleMs,
}: Pick<Policy['limits'], 'sandboxRequests' | 'sandboxIdleMs'>): void {
  setReusableSandboxOptions({
    maxRequests: sandboxRequests,
    betweenRequestTimeoutMs: sandboxIdleMs,
    maxMemoryMiB: MAX_MEMORY_MIB,
  });
}
