import type { RemoteKeySource } from '../policy/providers/key-source.ts';
import { parseKeySet } from './key-set.ts';
import type { FetchKeys } from './ports.ts';

/**
 * Gets a provider's JWKS, where asked for by way of its OpenID discovery document (OpenID Connect Discovery 1.0,
 * section 4): `issuer` there must be the policy's, and `jwks_uri` must stay on the issuer's host, because the named
 * backend leads to that host alone.
 *
 * @throws where the document cannot be had, is none, or leads elsewhere.
 */
export async function fetchKeySet(fetchKeys: FetchKeys, source: RemoteKeySource): Promise<string> {
  const { backend, timeoutMs } = source;
  const url = source.issuer === null ? source.url : await discover(fetchKeys, source, source.issuer);
  const text = await fetchKeys({ backend, url, timeoutMs });
  if (parseKeySet(text, true) === null) throw new Error('key server: no key set');
  return text;
}

async function discover(fetchKeys: FetchKeys, source: RemoteKeySource, issuer: string): Promise<string> {
  const { backend, timeoutMs } = source;
  const document = objectOf(await fetchKeys({ backend, url: source.url, timeoutMs }));
  if (document === null) throw new Error('discovery: no document');
  const found: { issuer?: unknown; jwks_uri?: unknown } = document;
  if (found.issuer !== issuer || typeof found.jwks_uri !== 'string') {
    throw new Error("discovery: the document names another issuer than the policy's, or no jwks_uri");
  }
  const [home, target] = [new URL(source.url), new URL(found.jwks_uri)];
  if (target.host !== home.host || target.protocol !== home.protocol || target.username !== '') {
    throw new Error(`discovery: jwks_uri ${target.origin}${target.pathname} leaves the backend`);
  }
  return target.href;
}

/** The parser's own message quotes the document. */
function objectOf(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
