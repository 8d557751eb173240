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
    (source) => source.kind === 'header' && source.name === 'authorization' && source.scheme === 'bearer',
  );
  const source = bearer ?? places[0] ?? { kind: 'header', name: 'authorization', scheme: 'bearer' };
  if (source.kind !== 'header') {
    const before = headers.get('cookie');
    const name = source.kind === 'cookie' ? source.name : source.glob.join('explained');
    headers.set('cookie', `${before === null ? '' : `${before}; `}${name}=${token}`);
  } else {
    headers.append(source.name, source.scheme === null ? token : `${source.scheme} ${token}`);
  }
}
