import type { Platform } from '../platform/platform.ts';
import type { RequestContext } from '../platform/request-context.ts';

/** The Config Store that `claimcache dev` gives the local server. On Fastly nobody asks for it: no line there has a path. */
const DEV_STORE = 'claimcache_dev';
let isTold: boolean | undefined;

/** The path of a request, without its query, where this is the local server of somebody who wants to see it. */
export function toldPath(
  platform: Pick<Platform, 'hasLocalCache' | 'config'>,
  { request }: RequestContext,
): { readonly path?: string } {
  // Not remembered where it is false: the image of the service is made where nothing is local.
  if (!platform.hasLocalCache()) return {};
  isTold ??= platform.config(DEV_STORE)('log_paths') === 'on';
  return isTold ? { path: new URL(request.url).pathname } : {};
}
