import type { ProviderInput } from '../../policy/providers/provider.ts';
import { invalid } from './options.ts';

export interface AuthjsOptions {
  /** The item of the Secret Store that holds `AUTH_SECRET` (`NEXTAUTH_SECRET`), or while it changes a JSON list, the new one first. Default `auth_secret`. */
  readonly item?: string;
  /** Default `claimcache_secrets`. */
  readonly secretStore?: string;
  /** 5 (default): Auth.js, `next-auth@5` and `@auth/*`. 4: `next-auth@4`. */
  readonly version?: 4 | 5;
  /** Where the application names its cookie otherwise: its name, or those of several. */
  readonly cookie?: string | readonly string[];
}

/** With `__Secure-` where the site has HTTPS; without it on a developer's machine. */
const COOKIES = {
  5: ['__Secure-authjs.session-token', 'authjs.session-token'],
  4: ['__Secure-next-auth.session-token', 'next-auth.session-token'],
} as const;

/**
 * Sessions of Auth.js and NextAuth with `strategy: 'jwt'`: encrypted with a key that is made of the application's secret, in a cookie that
 * comes in chunks where it is long. The claims are what the application's `jwt` callback puts there; of itself `sub`, `name`, `email` and
 * `picture`. Sessions in a database are none of these. docs/concepts/identity.md#encrypted-sessions
 *
 * The secret can make sessions as well as read them: whoever can read the Secret Store can be anybody.
 *
 * Source: `@auth/core` 0.41, `src/jwt.ts` (JWE `dir` with A256CBC-HS512; HKDF-SHA256 with the cookie's name as salt and the text
 * "Auth.js Generated Encryption Key (<name>)"; several secrets) and `src/lib/utils/cookie.ts` (names, chunks of 3936 characters);
 * `next-auth` 4.24, `src/jwt/index.ts` (A256GCM; an empty salt, "NextAuth.js Generated Encryption Key") and `src/core/lib/cookie.ts`.
 *
 * @throws {TypeError} where an option is not valid.
 * @example
 * providers: { app: authjs({ item: 'auth_secret' }) }
 */
export function authjs({
  item = 'auth_secret',
  secretStore = 'claimcache_secrets',
  version = 5,
  cookie = COOKIES[version],
}: AuthjsOptions = {}): ProviderInput {
  if (version !== 4 && version !== 5)
    throw invalid('authjs', 'version', version, '5 (Auth.js) or 4 (NextAuth)');
  const names = [cookie].flat();
  if (names.length === 0 || names.some((name) => typeof name !== 'string' || !/^[\w.-]+$/.test(name)))
    throw invalid('authjs', 'cookie', cookie, 'the name of a cookie, or a list of names');
  return {
    credentials: names.map((name) => ({ cookie: name, format: 'chunked' })),
    algorithms: [version === 5 ? 'A256CBC-HS512' : 'A256GCM'],
    keys: { secretStore, item, format: version === 5 ? 'authjs' : 'nextauth' },
  };
}
