import { type SessionOrigin, startSessionOrigin } from '../session-site/session-origin.ts';
import policy from '../session-site/src/policy.ts';
import { AUTH_SECRET } from '../session-site/token-subject.ts';
import { siteKeys } from '../site/keys.ts';
import { buildService } from './build-service.ts';
import { startEdge } from './start-edge.ts';
import { startMemoryEdge } from './start-memory-edge.ts';

export interface SessionSite {
  readonly url: string;
  readonly origin: SessionOrigin;
  readonly operatorToken: string;
  stop(): Promise<void>;
}

/** The site with sessions and the edge before it, on the engine of this run: of a run that has none in Viceroy, the one in memory. */
export async function startSessionSite(): Promise<SessionSite> {
  const keys = await siteKeys();
  const origin = await startSessionOrigin(keys);
  const secrets = { auth_secret: AUTH_SECRET, edge_client: 'a-secret-of-the-edge-at-its-issuer' };
  const { appSecret, operatorToken, fingerprintKey, originSecret } = keys;
  try {
    const edge =
      process.env.CLAIMCACHE_TEST_ENGINE === undefined
        ? await startMemoryEdge(policy, {
            backends: { origin: origin.url, idp: origin.url },
            secrets: {
              ...secrets,
              app_hs256: appSecret,
              operator_token: operatorToken,
              fingerprint_key: fingerprintKey,
              origin_secret: originSecret,
            },
          })
        : await startEdge({
            originUrl: origin.url,
            wasm: await buildService({ name: 'sessions', policy: 'test/session-site/src/policy.ts' }),
            backends: { idp: origin.url },
            secrets,
          });
    return {
      url: edge.url,
      origin,
      operatorToken,
      async stop() {
        await edge.stop();
        await origin.stop();
      },
    };
  } catch (error) {
    await origin.stop();
    throw error;
  }
}
