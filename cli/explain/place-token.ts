import type { Policy } from '../../src/policy/policy.ts';
import type { Scope } from '../../src/policy/scopes/scope.ts';

/**
 * Puts a token where the request would carry it: `Authorization: Bearer` where a provider of the scope looks there, else
 * the first place of the first one.
 */
export function placeToken(
  token: string,
  headers: Headers,
  scope: Scope | null,
  policy: Policy | null,
): void {
  const providers =
    scope !== null && scope.providers.length > 0 ? scope.providers : (policy?.providers ?? []);
  const places = providers.flatMap(({ credentials }) => credentials);
  const bearer = places.find(
    (place) => place.kind === 'header' && place.name === 'authorization' && place.scheme === 'bearer',
  );
  const place = bearer ?? places[0] ?? { kind: 'header', name: 'authorization', scheme: 'bearer' };
  if (place.kind !== 'header') {
    const before = headers.get('cookie');
    const name = place.kind === 'cookie' ? place.name : place.glob.join('explained');
    headers.set('cookie', `${before === null ? '' : `${before}; `}${name}=${token}`);
  } else {
    headers.append(place.name, place.scheme === null ? token : `${place.scheme} ${token}`);
  }
}
