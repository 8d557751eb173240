import { checkSignature } from '../identity/check-signature.ts';
import ed25519 from '../identity/engines/ed25519.ts';
import { parseToken } from '../identity/parse-token.ts';
import { keyDigest } from '../keys/fingerprint.ts';
import type { Policy } from '../policy/policy.ts';
import type { Router } from '../routing/router.ts';

/** RFC 7515 appendix A.1. It has expired long ago. */
const TOKEN =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const KEY = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';

/**
 * Does while the service is being built what the first request of each sandbox would otherwise pay for: the cryptography in JavaScript is run once,
 * which is more than a quarter of a first scoped HIT (docs/proof/performance.md), the policy's patterns are, and the tables of Ed25519 are made where a provider
 * uses it. It reads no clock and draws no random number, which would be frozen into the image, and nothing of it stays in memory.
 *
 * @throws where a vector of RFC 7515 or RFC 8037 does not verify: then nothing of this build can be trusted.
 */
export async function warmUp(
  { providers, fallback }: Pick<Policy, 'providers' | 'fallback'>,
  router: Router,
): Promise<void> {
  if (providers.some(({ algorithms }) => algorithms.includes('EdDSA'))) ed25519.prepare();
  const path = '/warmup/Path';
  router.resolve(path);
  // Beyond ASCII, and encoded in an odd way: what reads such paths is compiled by the runtime when it is used first.
  router.resolve('/warmup/%C3%BC;%2541');
  router.isCmsPath(path);
  router.originOf(fallback, path, 'warmup.invalid');
  // The fingerprint of a page is made by the same functions.
  await keyDigest(path, KEY);
  const token = parseToken(TOKEN);
  const key = { id: null, algorithms: ['HS256'], jwk: { kty: 'oct', k: KEY } } as const;
  if (token === null || !(await checkSignature(token, 'HS256', key))) {
    throw new Error('HMAC is broken: the vector of RFC 7515 does not verify');
  }
}
