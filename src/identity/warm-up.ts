import { ed25519 } from '@noble/curves/ed25519.js';
import { decode } from 'jose/base64url';
import type { Policy } from '../types.ts';
import { parseToken } from './parse-token.ts';

/** A token that verifies under {@link KEY}: RFC 8037 appendix A.4. Its payload is no JSON, which is all the same here. */
const SIGNED = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
const SIGNATURE = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
const KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPJHURo';

/**
 * Does at build time what the first request of a fresh sandbox would otherwise pay for: the tables of Ed25519, some
 * 80 ms of vCPU, and the compilation of the parser. Call it where the policy is compiled. It reads no clock and
 * draws no random number: both would be frozen into the image.
 *
 * @throws where the vector of the RFC does not verify: then nothing of this build can be trusted.
 */
export function warmUp({ providers }: Pick<Policy, 'providers'>): void {
  parseToken('eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.AA');
  if (!providers.some(({ algorithms }) => algorithms.includes('EdDSA'))) return;
  const verified = ed25519.verify(decode(SIGNATURE), new TextEncoder().encode(SIGNED), decode(KEY), {
    zip215: false,
  });
  if (!verified) throw new Error('Ed25519: the test vector of RFC 8037 does not verify');
}
