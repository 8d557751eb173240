import type { Policy, Provider, Scope } from '../types.ts';
import ed25519 from './engines/ed25519.ts';
import { createIdentify } from './identify.ts';
import { partitionOf } from './partition.ts';

/** RFC 7515 appendix A.1, and a moment before its `exp`. */
const TOKEN =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const TOKEN_KEY = 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow';
const TOKEN_MOMENT_MS = 1_300_819_000_000;

/**
 * Does while the service is being built what the first request of each sandbox would otherwise pay for: the tables of
 * Ed25519 (some 80 ms of vCPU; only where a provider uses it, they add 3 MB to the image) and the compilation of the
 * functions on the way of a token (more than 1 ms). Nothing of it stays: the rehearsal has a room of its own. It reads
 * no clock and draws no random number, both would be frozen into the image.
 *
 * @returns whether the rehearsal ended as it should.
 * @throws where the vector of RFC 8037 does not verify: then nothing of this build can be trusted.
 */
export function warmUp({ providers }: Pick<Policy, 'providers'>): Promise<boolean> {
  if (providers.some(({ algorithms }) => algorithms.includes('EdDSA'))) ed25519.prepare();
  return rehearse();
}

async function rehearse(): Promise<boolean> {
  const provider: Provider = {
    name: 'rehearsal',
    credentials: [{ kind: 'header', name: 'authorization', scheme: 'bearer' }],
    algorithms: ['HS256'],
    keys: { kind: 'inline', keys: [{ kty: 'oct', k: TOKEN_KEY }] },
    issuer: 'joe',
    audience: [],
    clockToleranceSeconds: 0,
    type: null,
    maxTokenAgeSeconds: null,
  };
  const scope: Scope = {
    name: 'rehearsal',
    claims: [['iss']],
    providers: [provider],
    shared: false,
    partScopes: [[]],
    parts: [],
    requiredClaims: [],
    assertedBy: null,
  };
  const identify = createIdentify({ secret: async () => null, config: () => null, tokenBytes: 8192 });
  const headers = new Headers({ authorization: `Bearer ${TOKEN}` });
  const result = await identify(headers, scope, TOKEN_MOMENT_MS);
  return result.kind === 'verified' && partitionOf(result.identity, scope) !== null;
}
