import { compilePolicy } from '../../src/policy/compile.ts';
import type { PolicyInput } from '../../src/policy/policy.ts';
import { routerOf } from '../../src/routing/matchers.ts';
import { fetchOverHttp } from '../../src/testing/http-origin.ts';
import { createMemoryService } from '../../src/testing/memory-service.ts';
import { type RunningMemoryServer, startMemoryServer } from './memory-server.ts';

export interface MemoryEdgeOptions {
  /** By the names of the policy's backends. */
  readonly backends: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, string>>;
}

/** The engine with a policy as it is, on the platform in memory, before real origins, at a URL: what Viceroy is for the other engines. */
export function startMemoryEdge(
  input: PolicyInput,
  { backends, secrets, config = {} }: MemoryEdgeOptions,
): Promise<RunningMemoryServer> {
  const policy = compilePolicy(input);
  const serve = createMemoryService({
    policy,
    router: routerOf(policy),
    config,
    nowMs: () => Date.now(),
    secret: async (_store, item) => secrets[item] ?? null,
    async fetchOrigin(request) {
      const base = backends[request.backend];
      if (base === undefined) throw new TypeError(`No backend is called ${request.backend}.`);
      return fetchOverHttp(base, request);
    },
  });
  return startMemoryServer(serve);
}
