import ed25519 from '../identity/engines/ed25519.ts';
import { createRequestHandler } from '../request/handle-request.ts';
import { createRouter, type Router } from '../router/router.ts';
import type { Policy } from '../types/policy.ts';
import matchers from './compiled-matchers.ts';
import policy from './compiled-policy.ts';
import { buildStage, TOKEN } from './stage.ts';

/**
 * Does while the service is being built what the first request of each sandbox would otherwise pay for: a HIT of each lane goes the whole
 * way, so that its functions are compiled in the image (several milliseconds); and the tables of Ed25519 are made, where a
 * provider uses it. It reads no clock and draws no random number, both would be frozen into the image. Nothing of it stays but a
 * token that has expired long ago.
 *
 * @returns what was answered: `200 HIT` for each lane.
 * @throws where the vector of RFC 8037 does not verify: then nothing of this build can be trusted.
 */
export async function rehearse(
  { providers, fallback }: Pick<Policy, 'providers' | 'fallback'>,
  router: Router,
): Promise<readonly string[]> {
  if (providers.some(({ algorithms }) => algorithms.includes('EdDSA'))) ed25519.prepare();
  // What the rehearsed policy has of its own is not compiled by it.
  const path = '/rehearsal/path';
  router.judgedAs(path);
  router.isCmsPath(path);
  router.originOf(fallback, path, 'stage.test');
  const answers: string[] = [];
  const app = createRequestHandler(
    policy,
    createRouter(policy, matchers),
    buildStage((status, xCache) => answers.push(`${status} ${xCache}`)),
  );
  for (const path of ['/everybodys/Page?b=1&a=2', '/mine']) {
    await app({
      request: requestFor(path),
      requestId: 'rehearsal',
      clientAddress: null,
      waitUntil() {},
      vcpuMs: () => null,
    });
  }
  return answers;
}

/** `Request` does not exist at that time. */
function requestFor(path: string): Request {
  return {
    method: 'GET',
    url: `https://stage.test${path}`,
    headers: new Headers({
      host: 'stage.test',
      'user-agent': 'rehearsal',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br;q=0.9',
      cookie: 'a=1; b=2',
      ...(path === '/mine' ? { authorization: `Bearer ${TOKEN}` } : {}),
    }),
  } as unknown as Request;
}
