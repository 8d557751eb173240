import type { KeyedContent } from '../bodies/content.ts';
import type { FreshnessArithmetic } from '../cache/freshness/freshness-decision.ts';
import type { Switches } from '../lanes/switches.ts';
import type { Policy } from '../policy/policy.ts';
import type { Route } from '../policy/routes/route.ts';
import type { RouteVerdict } from '../routing/compare-routes.ts';
import type { CredentialReport, EngineName, ResponseReport, ScopeReport } from './explanation.ts';
import { codeText, FRESHNESS_TEXTS } from './texts.ts';

export function switchesText({ all, keyVersion, engine, https }: Switches): string {
  const set = [
    ...(all === 'pass' ? ['cache = pass'] : []),
    ...(all === 'unreadable' ? ['they cannot be read: nothing is cached meanwhile'] : []),
    ...(keyVersion === '' ? [] : ['key_version is part of every key']),
    ...(engine === 'auto' ? [] : [`cache_engine = ${engine}`]),
    ...(https === null ? [] : [`https = ${https}`]),
  ];
  return set.length === 0 ? 'none of the whole service is set' : set.join('; ');
}

export function lookalikeText({ name, path }: Route): string {
  return `judged as ${name}: an origin may take this path for ${path}, or for one below it`;
}

export function alsoText({ name, path }: Route): string {
  return `${name} has to be satisfied too: an origin may take this path for ${path}, or for one below it`;
}

export function handlersText(count: number | null): string {
  if (count === null) return 'src/handlers.ts is not known here';
  if (count === 0) return 'none of src/handlers.ts matches';
  const some = count === 1 ? '1 handler' : `${count} handlers`;
  return `${some} of src/handlers.ts run first; what follows holds where they let the request go on as it is`;
}

export function routeText({ name, path }: Route, policy: Policy, verdicts: readonly RouteVerdict[]): string {
  if (name === policy.fallback.name)
    return `no route matches: ${FALLBACK_TEXTS[policy.fallbackRule?.kind ?? 'public']}`;
  const others = verdicts.filter(({ verdict }) => verdict === 'less-specific').map((other) => other.name);
  const beaten = others.length === 0 ? '' : `, before ${others.join(', ')}`;
  return `${name}: ${path} is the most specific pattern that matches${beaten}`;
}

const FALLBACK_TEXTS = {
  public: 'public, as fresh as the origin says',
  auto: 'public where nothing of the request says who asks, else it passes (fallback: auto)',
  pass: 'it passes (fallback: pass)',
} as const;

export function engineText(engine: EngineName | null): string {
  if (engine === null) return 'not known here: the service chooses';
  return engine === 'none' ? 'the platform has no cache: everything passes' : engine;
}

export function bodyText({ method, mediaType, bytes }: KeyedContent): string {
  return `and of the body: ${bytes.byteLength} bytes of ${mediaType ?? 'no media type'}, which the origin gets by ${method}`;
}

/** How long a token that has verified counts. One that is accepted by the tolerance of clocks alone has expired all the same. */
export function goodForText(expiresInSeconds: number): string {
  return expiresInSeconds < 0
    ? `expired ${-expiresInSeconds} s ago, accepted within clockToleranceSeconds`
    : `good for ${expiresInSeconds} s`;
}

export function credentialText(
  { outcome, code, asked, verified, places, misfits }: CredentialReport,
  { name, values, lookups }: ScopeReport,
): string {
  if (verified !== null) {
    const { provider, algorithm, expiresInSeconds } = verified;
    const looked = lookups.map((one) => `${one.name}: ${one.found}`).join('; ');
    const filled =
      values === null ? `, but the scope ${name} cannot be filled: ERR_SCOPE_CLAIM; ${looked}` : '';
    return `verified by ${provider} with ${algorithm}, ${goodForText(expiresInSeconds)}${filled}`;
  }
  if (outcome === 'unverified') return `the scope ${name} asks for no token: nothing is verified`;
  const by = asked.map(({ provider, credentialSource, algorithm, keyId }) =>
    algorithm === 'session' || algorithm === 'introspection'
      ? `${provider} looked at ${credentialSource}, and asked its ${algorithm} endpoint unless the answer was remembered`
      : `${provider} looked at ${credentialSource}: alg ${algorithm}, kid ${keyId ?? 'none'}`,
  );
  const wrong = misfits.map(
    ({ provider, field, expected, actual }) => `${provider}: ${field} is ${actual}, expected ${expected}`,
  );
  return [
    code === null ? outcome : codeText(code),
    ...by,
    ...wrong,
    ...whereText(outcome, places, lookups),
  ].join('; ');
}

/** Where somebody was looked for who was not there. */
function whereText(
  outcome: CredentialReport['outcome'],
  places: CredentialReport['places'],
  lookups: ScopeReport['lookups'],
): string[] {
  if (outcome !== 'missing') return [];
  if (places.length > 0) return [`looked at: ${places.join(', ')}`];
  return lookups.filter(({ path }) => path === null).map(({ name, found }) => `${name}: ${found}`);
}

export function responseText({ code, reason, status, client, ...rest }: ResponseReport): string {
  if (code !== null) return codeText(code);
  if (reason === null) return `${status} goes through, uncached`;
  const sum = rest.arithmetic === null ? '' : sumText(rest.arithmetic, rest.ttlSeconds);
  return [FRESHNESS_TEXTS[reason], ...(sum === '' ? [] : [sum])].join('; ');
}

/** `max-age=60 of cache-control, raised to 120 (ttl.min), less an age of 3, at most 100 (ttl.max): 100 s`. */
function sumText(
  {
    field,
    source,
    statedSeconds,
    lifetimeSeconds,
    ageSeconds,
    maxSeconds,
    tokenLeftSeconds,
  }: FreshnessArithmetic,
  ttlSeconds: number,
): string {
  if (source === null) return '';
  const isField = source === 's-maxage' || source === 'max-age';
  const parts = [`${source}=${statedSeconds}${isField ? ` of ${field ?? ''}` : ''}`];
  if (lifetimeSeconds !== statedSeconds) parts.push(`raised to ${lifetimeSeconds} (ttl.min)`);
  parts.push(`less an age of ${ageSeconds}`, `at most ${maxSeconds} (ttl.max)`);
  if (tokenLeftSeconds !== null) parts.push(`and ${tokenLeftSeconds} (the token)`);
  return `${parts.join(', ')}: ${ttlSeconds} s`;
}
