import { siteKeys } from '../../test/site/keys.ts';
import { buildService } from '../../test/support/build-service.ts';
import { startEdge } from '../../test/support/start-edge.ts';
import type { Peer } from './peer.ts';

export const claimcache: Peer = {
  name: 'claimcache on Viceroy',
  algorithm: 'RS256',
  purges: 'by surrogate key, over HTTP or the API',
  async start({ originUrl, jwks, secret }) {
    const hello = await buildService({ name: 'hello', entry: 'bench/services/hello.ts' });
    const service = await buildService({ name: 'bench-host', policy: 'bench/policies/host.ts' });
    const floor = await startEdge({ originUrl, wasm: hello });
    const edge = await startEdge({
      originUrl,
      wasm: service,
      config: { test_jwks: jwks },
      secrets: { test_hmac: secret },
    });
    const { operatorToken } = await siteKeys();
    return {
      floorUrl: floor.url,
      floorPid: floor.pid,
      url: `${edge.url}/api/orders`,
      pid: edge.pid,
      async purge(sub) {
        const response = await fetch(`${edge.url}/.edge/purge`, {
          method: 'POST',
          headers: { authorization: `Bearer ${operatorToken}` },
          body: JSON.stringify({ scope: 'user', value: sub }),
        });
        if (!response.ok) throw new Error(`purge: status ${response.status}`);
      },
      async stop() {
        await floor.stop();
        await edge.stop();
      },
    };
  },
};
