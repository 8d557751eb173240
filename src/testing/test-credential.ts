import type { JWTPayload } from 'jose';
import type { Policy } from '../policy/policy.ts';
import type { SearchedSource } from '../policy/providers/credential-sources.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Router } from '../routing/router.ts';
import { mint } from './mint.ts';
import { cookiesWith } from './packed-token.ts';
import type { TestKeys } from './test-keys.ts';
import type { TestSessions } from './test-sessions.ts';

/** Who asks, and with what. */
export interface TestCredential {
  /** Claims of a token that the edge accepts, or of the answer about a session. */
  readonly as: JWTPayload;
  readonly provider?: string;
  readonly expiresInSeconds?: number;
}

interface TestWorld {
  readonly policy: Policy;
  readonly router: Router;
  readonly host: string;
  readonly keys: TestKeys;
  readonly sessions: TestSessions;
  readonly nowMs: number;
}

/**
 * Puts a token of the right provider where that provider's tokens stand: in a header, in cookies as they are kept there, or in the query.
 *
 * @throws {TypeError} where there is no provider of that name, or none at all.
 */
export async function withToken(
  headers: Headers,
  target: string,
  { as, provider: wanted, expiresInSeconds }: TestCredential,
  { policy, router, host, keys, sessions, nowMs }: TestWorld,
): Promise<{ readonly headers: Headers; readonly target: string }> {
  const path = target.split('?', 1)[0] ?? target;
  const { scope } = router.match(path, host);
  const provider =
    wanted === undefined
      ? (scope?.providers[0] ?? policy.providers[0])
      : policy.providers.find(({ name }) => name === wanted);
  if (provider !== undefined && provider.lookup !== null)
    return given(provider, sessions.credentialOf(provider, as, expiresInSeconds));
  const key = keys.signing.get(provider?.name ?? '');
  if (provider === undefined || key === undefined) {
    const names = policy.providers.map(({ name }) => name).join(', ');
    throw new TypeError(
      names === ''
        ? `${path}: \`as\` needs a token, and the policy has no \`providers\` that could issue one.`
        : `${path}: the policy has no provider ${wanted}. It has: ${names}.`,
    );
  }
  const token = await mint(provider, key, as, { expiresInSeconds: expiresInSeconds ?? 900, nowMs });
  return given(provider, token);

  function given({ credentials: [source] }: Provider, credential: string) {
    if (source?.kind === 'query') {
      const before = target === path ? '?' : '&';
      return { headers: new Headers(headers), target: `${target}${before}${source.name}=${credential}` };
    }
    return { headers: placed(new Headers(headers), source, credential), target };
  }
}

function placed(
  headers: Headers,
  source: Exclude<SearchedSource, { kind: 'query' }> | undefined,
  token: string,
): Headers {
  if (source === undefined || source.kind === 'header') {
    const { name, scheme } = source ?? { name: 'authorization', scheme: 'bearer' };
    headers.set(name, scheme === null ? token : `${scheme} ${token}`);
    return headers;
  }
  const cookies = [headers.get('cookie'), cookiesWith(token, source, 'test')].filter((text) => text !== null);
  headers.set('cookie', cookies.join('; '));
  return headers;
}
