import { setReusableSandboxOptions } from 'fastly:experimental';
import './obvious.ts';

// The same with the sandboxes of the floor and of claimcache.
setReusableSandboxOptions({ maxRequests: 1000, betweenRequestTimeoutMs: 5000, maxMemoryMiB: 96 });
