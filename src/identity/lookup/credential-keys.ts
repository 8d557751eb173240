import { base64url } from '../../crypto/base64url.ts';
import { digest } from '../../crypto/digest.ts';
import { fingerprintKey } from '../../crypto/fingerprint-key.ts';
import { hmacOf } from '../../crypto/hmac.ts';
import type { Cookies } from '../../http/cookies.ts';
import { matchesGlob } from '../../http/name-pattern.ts';
import type { LookupRule } from '../../policy/providers/lookup-rule.ts';
import type { LookupDeps } from './lookup.ts';

/** A credential as it is asked about: of another name, or at another endpoint, it may be somebody else's. */
export interface AskedCredential {
  readonly provider: string;
  readonly rule: LookupRule;
  /** Of the cookie or the header. */
  readonly name: string;
  readonly text: string;
}

/** An HMAC of it: what stands in keys instead. */
export async function credentialDigest(
  secret: string,
  { provider, rule: { backend, url }, name, text }: AskedCredential,
): Promise<string> {
  const message = ['session', provider, backend, url, name, await digest(text)];
  return base64url(await hmacOf(secret, JSON.stringify(message)));
}

/** The surrogate key of what is known of one credential. */
export function forgetKey(digestOfCredential: string): string {
  return `edge:session:${digestOfCredential}`;
}

/** The surrogate keys of what is known of a request's session cookies: of those names that are to be forgotten. */
export async function sessionKeys(
  deps: Pick<LookupDeps, 'providers' | 'secret' | 'stores'>,
  cookies: Cookies,
  isForgotten: (name: string) => boolean,
): Promise<readonly string[]> {
  const asked: AskedCredential[] = [];
  for (const { name: provider, lookup: rule, credentials } of deps.providers) {
    if (rule?.kind !== 'session') continue;
    for (const source of credentials) {
      for (const [name, values] of cookies) {
        const isSession =
          source.kind === 'cookiePattern'
            ? matchesGlob(source.glob, name)
            : source.kind === 'cookie' && source.name === name;
        if (!isSession || !isForgotten(name)) continue;
        for (const text of values) asked.push({ provider, rule, name, text });
      }
    }
  }
  if (asked.length === 0) return [];
  const secret = await fingerprintKey(deps, deps, 'compare');
  // Without it nothing was ever remembered.
  if (secret === null) return [];
  return Promise.all(asked.map(async (one) => forgetKey(await credentialDigest(secret, one))));
}
