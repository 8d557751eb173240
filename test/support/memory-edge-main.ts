import { siteKeys } from '../site/keys.ts';
import policy from '../site/src/policy.ts';
import { startMemoryEdge } from './start-memory-edge.ts';

/** The memory engine as a process of its own, before ORIGIN_URL. It tells its URL to whoever has started it, and ends with them. */
const { appSecret, operatorToken, fingerprintKey, originSecret, partnerJwks } = await siteKeys();
const { url } = await startMemoryEdge(policy, {
  backends: { origin: process.env.ORIGIN_URL ?? '' },
  secrets: {
    app_hs256: appSecret,
    operator_token: operatorToken,
    fingerprint_key: fingerprintKey,
    origin_secret: originSecret,
  },
  config: { cache_engine: 'auto', partner_jwks: JSON.stringify(partnerJwks) },
});
process.once('disconnect', () => process.exit());
process.send?.(url);
