import { ed25519 } from '@noble/curves/ed25519.js';
import { decode } from 'jose/base64url';
import { type JavaScriptEngine, memberOf } from './engine.ts';

/** RFC 8037 appendix A.4. */
const INPUT = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
const SIGNATURE = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
const PUBLIC_KEY = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

/** Ed25519 (RFC 8032). */
const engine: JavaScriptEngine = {
  verify: ({ signingInput, signature }, key) =>
    // zip215 false: strict RFC 8032, so that no signature has a second spelling.
    ed25519.verify(signature, signingInput, memberOf(key, 'x'), { zip215: false }),

  /** Makes the tables (some 80 ms of vCPU, 3 MB). */
  prepare() {
    const message = new TextEncoder().encode(INPUT);
    if (!ed25519.verify(decode(SIGNATURE), message, decode(PUBLIC_KEY), { zip215: false })) {
      throw new Error('Ed25519: the test vector of RFC 8037 does not verify');
    }
  },
};

export default engine;
