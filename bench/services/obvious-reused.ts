import { reuseSandbox } from '../../src/fastly/sandbox.ts';
import './obvious.ts';

// The same with the sandboxes of the floor and of claimcache.
reuseSandbox({ sandboxRequests: 1000, sandboxIdleMs: 1000 });
