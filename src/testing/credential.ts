import type { JWTPayload } from 'jose';
import type { Policy } from '../policy/policy.ts';
import type { Provider } from '../policy/providers/provider.ts';
import type { Router } from '../routing/router.ts';
import { mint } from './mint.ts';
import type { TestKeys } from './test-keys.ts';

/** Who asks, and with what. */
export interface TestCredential {
  /** Claims of a token that the edge accepts. */
  readonly as: JWTPayload;
  readonly provider?: string;
  readonly expiresInSeconds?: number;
}

/**
 * Puts a token of the right provider where that provider's tokens stand.
 *
 * @throws {TypeError} where there is no provider of that name, or none at all.
 */
export async function withToken(
  headers: Headers,
  path: string,
  { as, provider: wanted, expiresInSeconds = 900 }: TestCredential,
  {
    policy,
    router,
    host,
    keys,
    nowMs,
  }: { policy: Policy; router: Router; host: string; keys: TestKeys; nowMs: number },
): Promise<Headers> {
  const { scope } = router.match(path, host);
  const provider =
    wanted === undefined
      ? (scope?.providers[0] ?? policy.providers[0])
      : policy.providers.find(({ name }) => name === wanted);
  const key = keys.signing.get(provider?.name ?? '');
  if (provider === undefined || key === undefined) {
    const names = policy.providers.map(({ name }) => name).join(', ');
    throw new TypeError(
      names === ''
        ? `${path}: \`as\` needs a token, and the policy has no \`providers\` that could issue one.`
        : `${path}: the policy has no provider ${wanted}. It has: ${names}.`,
    );
  }
  const token = await mint(provider, key, as, { expiresInSeconds, nowMs });
  return placed(new Headers(headers), provider, token);
}

function placed(headers: Headers, { credentials: [source] }: Provider, token: string): Headers {
  if (source?.kind === 'cookie' || source?.kind === 'cookiePattern') {
    const name = source.kind === 'cookie' ? source.name : source.glob.join('test');
    const cookies = [headers.get('cookie'), `${name}=${token}`].filter((text) => text !== null);
    headers.set('cookie', cookies.join('; '));
  } else {
    const { name, scheme } = source ?? { name: 'authorization', scheme: 'bearer' };
    headers.set(name, scheme === null ? token : `${scheme} ${token}`);
  }
  return headers;
}
