import type { Report } from '../policy-error.ts';
import { type Algorithm, type Encryption, isEncryption } from './algorithm-names.ts';
import type { CredentialInput } from './credential-sources.ts';
import type { KeySourceInput } from './key-source.ts';

interface Encrypted {
  readonly algorithms: readonly (Algorithm | Encryption)[];
  readonly keys: KeySourceInput;
  readonly credentials?: readonly CredentialInput[];
}

/** What is wrong with a provider whose tokens are encrypted: the sessions of Auth.js and NextAuth. */
export function encryptionProblems(at: string, provider: Encrypted, report: Report): void {
  const { algorithms, keys, credentials = [] } = provider;
  const format = 'secretStore' in keys ? keys.format : undefined;
  const isDerived = format === 'authjs' || format === 'nextauth';
  const named = algorithms.filter(isEncryption);
  if (named.length === 0 && !isDerived) return;
  if (named.length !== 1 || algorithms.length !== 1) {
    const fix =
      'An encrypted session has one algorithm, and no other is tried: algorithms: ["A256CBC-HS512"] for Auth.js, ["A256GCM"] for NextAuth v4. Signed tokens need a provider of their own.';
    report('POLICY_ALGORITHM', `${at}.algorithms`, algorithms, fix);
  } else if (format === 'nextauth' && named[0] !== 'A256GCM') {
    const fix =
      'NextAuth v4 encrypts with A256GCM alone. Auth.js, which came after it, has format: "authjs".';
    report('POLICY_ALGORITHM', `${at}.algorithms`, algorithms, fix);
  }
  if (!isDerived) {
    const fix =
      'The key of an encrypted session is made of the secret of Auth.js: { secretStore, item, format: "authjs" }, or "nextauth" for version 4.';
    report('POLICY_KEY', `${at}.keys`, keys, fix);
  }
  for (const [i, source] of (credentials.length === 0
    ? [{ header: 'authorization' }]
    : credentials
  ).entries()) {
    const isSession =
      'cookie' in source &&
      (source.format === undefined || source.format === 'chunked') &&
      !source.cookie.includes('*');
    if (isSession) continue;
    const fix =
      'The cookie\'s name is part of the key: name the cookie, { cookie: "__Secure-authjs.session-token", format: "chunked" }.';
    report('POLICY_CONFLICT', `${at}.credentials.${i}`, source, fix);
  }
}
