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
    (place) => place.kind === 'header' && place.name === 'authorization' && place.scheme === 'bearer',
  );
  const place = bearer ?? places[0] ?? { kind: 'header', name: 'authorization', scheme: 'bearer' };
  if (place.kind === 'query') return `${target}${target.includes('?') ? '&' : '?'}${place.name}=${token}`;
  if (place.kind === 'header') {
    headers.append(place.name, place.scheme === null ? token : `${place.scheme} ${token}`);
    return target;
  }
  const before = headers.get('cookie');
  headers.set('cookie', `${before === null ? '' : `${before}; `}${cookiesWith(token, place, 'explained')}`);
  return target;
}
