import type { Policy } from '../../src/policy/policy.ts';
import type { Scope } from '../../src/policy/scopes/scope.ts';
import { cookiesWith } from '../../src/testing/packed-token.ts';

/**
 * Puts a token where the request would carry it: `Authorization: Bearer` where a provider of the scope looks there, else
 * the first place of the first one. Returns the target, with the token in it where it stands in the query.
 */
export function placeToken(
  token: string,
  target: string,
  headers: Headers,
  scope: Scope | null,
  policy: Policy | null,
): string {
  const providers =
    scope !== null && scope.providers.length > 0 ? scope.providers : (policy?.providers ?? []);
  const places = providers.flatMap(({ credentials }) => credentials);
  const bearer = places.find(
    (source) => source.kind === 'header' && source.name === 'authorization' && source.scheme === 'bearer',
  );
  const source = bearer ?? places[0] ?? { kind: 'header', name: 'authorization', scheme: 'bearer' };
  if (source.kind === 'query') return `${target}${target.includes('?') ? '&' : '?'}${source.name}=${token}`;
  if (source.kind === 'header') {
    headers.append(source.name, source.scheme === null ? token : `${source.scheme} ${token}`);
    return target;
  }
  const before = headers.get('cookie');
  headers.set('cookie', `${before === null ? '' : `${before}; `}${cookiesWith(token, source, 'explained')}`);
  return target;
}
