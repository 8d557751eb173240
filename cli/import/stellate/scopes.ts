import { createPublicKey } from 'node:crypto';
import type { Algorithm } from '../../../src/policy/providers/algorithm-names.ts';
import { ALGORITHM_NAMES } from '../../../src/policy/providers/algorithm-names.ts';
import type { CredentialInput } from '../../../src/policy/providers/credential-sources.ts';
import type { KeySourceInput } from '../../../src/policy/providers/key-source.ts';
import type { ScopeInput } from '../../../src/policy/scopes/scope.ts';
import type { FoundSecret, Note } from '../draft.ts';
import type { ProviderFacts } from '../provider.ts';
import { badSource, descend, member, type Tree, textAt, textOf } from '../source-tree.ts';

/** A scope of Stellate, read: where its value stands, and what of a token it is. */
export interface StellateScope {
  readonly name: string;
  readonly line: number;
  readonly places: readonly CredentialInput[];
  /** null: the text of the header or cookie itself. */
  readonly jwt: {
    readonly claim: string;
    readonly algorithm: Algorithm;
    readonly secret: Tree | undefined;
  } | null;
}

export function readScopes(config: Tree): readonly StellateScope[] {
  const scopes = member(config, 'scopes');
  if (scopes === undefined) return [];
  if (scopes.kind !== 'object') throw badSource(scopes.at, 'an object of scopes is expected.');
  return [...scopes.entries].map(([name, tree]) => readScope(name, tree));
}

function readScope(name: string, tree: Tree): StellateScope {
  const definition = tree.kind === 'object' ? textAt(tree, 'definition') : textOf(tree);
  const places = placesOf(definition ?? '', tree);
  const jwt = tree.kind === 'object' ? member(tree, 'jwt') : undefined;
  if (jwt === undefined) return { name, line: tree.at.line, places, jwt: null };
  const algorithm = textAt(jwt, 'algorithm') ?? 'HS256';
  const known = ALGORITHM_NAMES.find((one) => one === algorithm);
  if (known === undefined) throw badSource(jwt.at, `algorithm is one of ${ALGORITHM_NAMES.join(', ')}.`);
  const claim = textAt(jwt, 'claim');
  if (claim === undefined || claim === '' || claim.length > 200)
    throw badSource(jwt.at, 'claim is the path of a claim, up to 200 characters.');
  return {
    name,
    line: tree.at.line,
    places,
    jwt: { claim, algorithm: known, secret: descend(jwt, 'secret') },
  };
}

/** `header:authorization|cookie:session`, in their order. */
function placesOf(definition: string, { at }: Tree): readonly CredentialInput[] {
  return definition.split('|').map((text) => {
    const [, kind, name = ''] = /^\s*(header|cookie):([!#$%&'*+.^_`|~\w-]{1,128})\s*$/i.exec(text) ?? [];
    if (kind === undefined)
      throw badSource(at, 'a scope is "header:NAME", "cookie:NAME", or several of them joined by "|".');
    if (kind.toLowerCase() === 'cookie') return { cookie: name };
    const header = name.toLowerCase();
    return header === 'authorization' ? { header, scheme: 'Bearer' } : { header };
  });
}

/** Whether the value of a scope without `jwt` is in all likelihood a token: what stands in Authorization. */
export function isToken({ places }: StellateScope, tokenCookie: string | undefined): boolean {
  return places.some((place) =>
    'header' in place ? place.header === 'authorization' : 'cookie' in place && place.cookie === tokenCookie,
  );
}

/** A scope whose value nothing verifies: the text itself partitions. */
export function partsOf({ places }: StellateScope): NonNullable<ScopeInput['parts']> {
  return places.flatMap((place): NonNullable<ScopeInput['parts']> => {
    if ('header' in place) return [{ header: place.header }];
    return 'cookie' in place ? [{ cookie: place.cookie }] : [];
  });
}

/** Whether a claim says who somebody is; others are of a group. */
export function isPersonal(claim: string): boolean {
  return /^(?:id|.*?(?:^|[./_-])(?:sub|uid|oid|sid|email|user_?(?:name|id)?|user\.id))$/i.test(
    claim.replace(/\\/g, ''),
  );
}

/** What verifies the tokens of a scope: keys that are in the source, or where their secret belongs. */
export function factsOf(
  provider: string,
  { places, jwt }: StellateScope,
  notes: Note[],
  secrets: FoundSecret[],
): ProviderFacts {
  if (jwt === null) return { credentials: places };
  const { algorithm, secret } = jwt;
  const base: ProviderFacts = { credentials: places, algorithms: [algorithm] };
  const line = secret?.at.line ?? 0;
  const text = secret?.kind === 'scalar' && typeof secret.value === 'string' ? secret.value : null;
  const reference = text === null ? null : (/^:([\w-]{1,60})$/.exec(text)?.[1] ?? null);
  if (algorithm.startsWith('HS')) {
    const item = itemName(reference ?? `${provider}_secret`);
    secrets.push({ item, value: reference === null ? text : null, line });
    notes.push({
      kind: 'done',
      line,
      text: `the secret of ${algorithm}: the item ${item} of the Secret Store. It is not in the policy.`,
    });
    return { ...base, secretItem: item };
  }
  const keys = text === null ? null : publicKeys(text);
  if (keys !== null) return { ...base, keys };
  const item = itemName(reference ?? `${provider}_jwks`);
  notes.push({
    kind: 'changed',
    line,
    text: `the public key of ${algorithm} is read from the item ${item} of the Config Store, as a JWKS: claimcache keys import public.pem.`,
  });
  return { ...base, keys: { configStore: 'claimcache_config', item } };
}

function publicKeys(text: string): KeySourceInput | null {
  if (/^https:\/\/[^\s?#]+$/.test(text)) return { jwksUrl: text, backend: 'idp' };
  if (!/^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(text)) return null;
  try {
    const { kty, ...members } = createPublicKey(text).export({ format: 'jwk' });
    return kty === undefined ? null : { jwk: { kty, ...members } };
  } catch {
    return null;
  }
}

function itemName(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
}
