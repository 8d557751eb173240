import type { Platform } from '../platform/platform.ts';
import type { Policy } from '../policy/policy.ts';
import { createRequestHandler } from '../request/handle-request.ts';
import type { EdgeHandlers } from '../request/handlers/create-handlers.ts';
import type { Router } from '../routing/router.ts';
import { edgeRequest, type SentRequest } from './edge-request.ts';
import { memoryCache } from './memory-cache.ts';
import { memoryKv } from './memory-kv.ts';
import { memoryPlatform } from './memory-platform.ts';

export interface MemoryServiceOptions extends Pick<Platform, 'nowMs' | 'fetchOrigin' | 'secret'> {
  readonly policy: Policy;
  readonly router: Router;
  readonly handlers?: EdgeHandlers;
  /** Items of the Config Store. */
  readonly config?: Readonly<Record<string, string>>;
  /** Takes each line of the log. */
  readonly log?: (line: string) => void;
}

export interface MemoryAnswer {
  readonly response: Response;
  /** Resolves when all that the request has begun is done: a refresh, a body that is being stored. */
  settled(): Promise<void>;
}

/** A function that answers as the edge does: the engine, on the platform in memory. Never rejects. */
export function createMemoryService({
  policy,
  router,
  handlers,
  config = {},
  log = () => {},
  nowMs,
  ...world
}: MemoryServiceOptions): (request: SentRequest, clientAddress: string) => Promise<MemoryAnswer> {
  const cache = memoryCache({
    get nowMs() {
      return nowMs();
    },
  });
  const platform = memoryPlatform({
    nowMs,
    ...world,
    ...memoryKv(nowMs),
    coreCache: cache.port,
    config: () => (item) => config[item] ?? null,
    purge: (key, soft) => cache.purge(key, soft),
    log: (_endpoint, line) => log(line),
  });
  const app = createRequestHandler(policy, router, platform, handlers);

  return async (request, clientAddress) => {
    const works: Promise<unknown>[] = [];
    const response = await app({
      request: edgeRequest(request),
      requestId: crypto.randomUUID(),
      clientAddress,
      waitUntil: (work) => void works.push(work),
      vcpuMs: () => null,
    });
    return {
      response,
      async settled() {
        // What is waited for may begin more.
        for (let done = 0; done < works.length; done++) await works[done];
      },
    };
  };
}
