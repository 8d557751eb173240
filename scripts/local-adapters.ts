import { buildAdapters } from '../cli/local-cache/adapter.ts';

/** What a package brings, so that `claimcache local-cache` needs no compiler where it is installed. */
await buildAdapters();
