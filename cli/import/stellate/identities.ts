import type { ProviderInput } from '../../../src/policy/providers/provider.ts';
import type { ScopeInput } from '../../../src/policy/scopes/scope.ts';
import type { Answers, FoundSecret, Known, Note } from '../draft.ts';
import { nameOf } from '../name-of.ts';
import { providerOf } from '../provider.ts';
import { factsOf, isPersonal, isToken, partsOf, type StellateScope } from './scopes.ts';

interface Identities {
  readonly providers: Record<string, Known<ProviderInput>>;
  readonly scopes: Record<string, ScopeInput>;
}

/** Providers and scopes for what rules ask for. Scopes whose tokens stand in one place and have one key are of one provider. */
export function identitiesOf(
  used: readonly StellateScope[],
  answers: Answers,
  notes: Note[],
  secrets: FoundSecret[],
): Identities {
  const providers: Record<string, Known<ProviderInput>> = {};
  const scopes: Record<string, ScopeInput> = {};
  const byKey = new Map<string, string>();
  for (const scope of used) {
    const name = nameOf(scope.name, Object.keys(scopes), 'scope');
    if (scope.jwt === null && !isToken(scope, answers.tokenCookie)) {
      scopes[name] = { parts: partsOf(scope), providers: [] };
      notes.push({
        kind: 'changed',
        line: scope.line,
        text: `${scope.name}: the text of the header or cookie partitions, and nothing verifies it, as before. Where it is a JWT, add --token-cookie NAME.`,
      });
      continue;
    }
    const key = JSON.stringify([
      scope.places,
      scope.jwt?.algorithm,
      scope.jwt?.secret?.kind === 'scalar' ? scope.jwt.secret.value : scope.jwt?.secret?.at.line,
    ]);
    let provider = byKey.get(key);
    // A scope by the whole token is of the provider whose tokens stand there, where there is one.
    if (provider === undefined && scope.jwt === null)
      provider = Object.keys(providers).find(
        (one) => JSON.stringify(providers[one]?.credentials) === JSON.stringify(scope.places),
      );
    if (provider === undefined) {
      provider = nameOf(byKey.size === 0 ? 'idp' : `idp_${scope.name}`, Object.keys(providers));
      byKey.set(key, provider);
      providers[provider] = providerOf(provider, factsOf(provider, scope, notes, secrets), answers);
    }
    const claim = scope.jwt?.claim ?? answers.claim ?? 'sub';
    scopes[name] = { claims: claim, providers: [provider], ...(isPersonal(claim) ? {} : { shared: true }) };
    if (scope.jwt === null)
      notes.push({
        kind: 'changed',
        line: scope.line,
        text: `${scope.name}: its key was the whole token, here it is the verified claim ${claim}: a new token of the same person hits.`,
      });
    else
      notes.push({
        kind: 'done',
        line: scope.line,
        text: `${scope.name}: the verified claim ${claim}${isPersonal(claim) ? '' : ', for all who have it (shared)'}.`,
      });
  }
  return { providers, scopes };
}

/** One endpoint has one scope: the only one, or one of all values of all. null: none, or none that can be. */
export function endpointScope({ scopes }: Identities, notes: Note[]): string | null {
  const names = Object.keys(scopes);
  const [only] = names;
  if (only === undefined) return null;
  const list = Object.values(scopes);
  if (names.length > 1) {
    const providers = [...new Set(list.flatMap((scope) => scope.providers ?? []))];
    if (providers.length > 1) {
      notes.push({
        kind: 'not-carried',
        line: 0,
        text: `${names.join(', ')}: their tokens have different keys or places, and one token has to tell all of them. The endpoint passes.`,
      });
      return null;
    }
    const claims = [...new Set(list.flatMap(({ claims = [] }) => claims))];
    const parts = list.flatMap(({ parts = [] }) => parts);
    const isShared =
      !claims.some((claim) => typeof claim !== 'string' || isPersonal(claim)) && parts.length === 0;
    scopes.endpoint = {
      ...(claims.length > 0 ? { claims } : {}),
      ...(parts.length > 0 ? { parts } : {}),
      providers,
      ...(isShared ? { shared: true } : {}),
    };
    notes.push({
      kind: 'changed',
      line: 0,
      text: `${names.join(', ')} meet in one endpoint: the scope endpoint has the values of all of them. ${names.map((name) => `claimcache purge ${name} …`).join(' and ')} still purge.`,
    });
  }
  const name = names.length > 1 ? 'endpoint' : only;
  if (scopes[name]?.shared)
    notes.push({
      kind: 'changed',
      line: 0,
      text: `${name} is shared by several people: an answer is kept only where the origin says so (public, s-maxage, CDN-Cache-Control), and the origin gets the claims instead of the token. docs/concepts/identity.md. Where the origin needs the token, add sub to its claims and remove shared.`,
    });
  return name;
}
