import type { JWTPayload } from 'jose';
import type { Policy } from '../policy/policy.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Router } from '../routing/router.ts';
import { mint } from './mint.ts';
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
  readonly keys: TestKeys;
  readonly sessions: TestSessions;
  readonly nowMs: number;
}

/**
 * Puts a token of the right provider where that provider's tokens stand.
 *
 * @throws {TypeError} where there is no provider of that name, or none at all.
 */
export async function withToken(
  headers: Headers,
  path: string,
  { as, provider: wanted, expiresInSeconds }: TestCredential,
  { policy, router, keys, sessions, nowMs }: TestWorld,
): Promise<Headers> {
  const { scope } = router.match(path);
  const provider =
    wanted === undefined
      ? (scope?.providers[0] ?? policy.providers[0])
      : policy.providers.find(({ name }) => name === wanted);
  if (provider !== undefined && provider.lookup !== null)
    return placed(new Headers(headers), provider, sessions.credentialOf(provider, as, expiresInSeconds));
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
  return placed(new Headers(headers), provider, token);
}

function placed(headers: Headers, { credentials: [place] }: Provider, token: string): Headers {
  if (place?.kind === 'cookie' || place?.kind === 'cookiePattern') {
    const name = place.kind === 'cookie' ? place.name : place.glob.join('test');
    const cookies = [headers.get('cookie'), `${name}=${token}`].filter((text) => text !== null);
    headers.set('cookie', cookies.join('; '));
  } else {
    const { name, scheme } = place ?? { name: 'authorization', scheme: 'bearer' };
    headers.set(name, scheme === null ? token : `${scheme} ${token}`);
  }
  return headers;
}
