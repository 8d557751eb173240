import type { JWTPayload } from 'jose';
import type { Policy } from '../policy/policy.ts';
import type { SearchedSource } from '../policy/providers/credential-sources.ts';
import type { Router } from '../routing/router.ts';
import { mint } from './mint.ts';
import { cookiesWith } from './packed-token.ts';
import type { TestKeys } from './test-keys.ts';

/** Who asks, and with what. */
export interface TestCredential {
  /** Claims of a token that the edge accepts. */
  readonly as: JWTPayload;
  readonly provider?: string;
  readonly expiresInSeconds?: number;
}

/**
 * Puts a token of the right provider where that provider's tokens stand: in a header, in cookies as they are kept there, or in the query.
 *
 * @throws {TypeError} where there is no provider of that name, or none at all.
 */
export async function withToken(
  headers: Headers,
  target: string,
  { as, provider: wanted, expiresInSeconds = 900 }: TestCredential,
  {
    policy,
    router,
    host,
    keys,
    nowMs,
  }: { policy: Policy; router: Router; host: string; keys: TestKeys; nowMs: number },
): Promise<{ readonly headers: Headers; readonly target: string }> {
  const path = target.split('?', 1)[0] ?? target;
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
  const [source] = provider.credentials;
  if (source?.kind === 'query') {
    const before = target === path ? '?' : '&';
    return { headers: new Headers(headers), target: `${target}${before}${source.name}=${token}` };
  }
  return { headers: placed(new Headers(headers), source, token), target };
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
