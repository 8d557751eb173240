import type { PolicyInput } from '../../src/policy/policy.ts';
import type { RouteInput } from '../../src/policy/routes/route.ts';
import { CliError } from '../base/cli-error.ts';
import type { Answers } from './answers.ts';
import { PresetCall, type ProviderPreset, presetOf } from './provider-presets.ts';

/** The policy of a new service. */
export function policyInput(answers: Answers): PolicyInput {
  const { provider, personal, shared, sharedClaim, editors, never } = answers;
  const written = writtenProvider(answers);
  return {
    origins: { app: { backend: 'origin' } },
    ...(editors.length > 0 && { cms: { paths: editors } }),
    providers: { [provider]: written instanceof PresetCall ? written.provider : written },
    scopes: {
      user: { claims: personClaim(provider) },
      ...(shared.length > 0 && sharedClaim !== null && { group: { claims: sharedClaim, shared: true } }),
    },
    routes: routesOf([
      ...personal.map((path) => [path, { path, scope: 'user', ttlSeconds: { max: 600 } }] as const),
      ...shared.map((path) => [path, { path, scope: 'group', ttlSeconds: { max: 300 } }] as const),
      ...answers.public.map((path) => [path, { path, lane: 'public' }] as const),
      ...never.map((path) => [path, { path, lane: 'pass' }] as const),
    ]),
    fallback: 'auto',
    ignoreQuery: ['utm_*', 'gclid', 'fbclid'],
  };
}

/** As `src/policy.ts` has it. */
export function writtenProvider({ provider, facts, origin }: Answers): ReturnType<ProviderPreset['written']> {
  const { written, cookieFormat } = presetOf(provider);
  try {
    const made = written((name) => facts[name] ?? '', origin);
    const { tokenCookie: cookie = '' } = facts;
    if (cookie === '') return made;
    const credentials = [cookieFormat === undefined ? { cookie } : { cookie, format: cookieFormat }];
    return made instanceof PresetCall
      ? new PresetCall(made.name, made.options, made.provider, { credentials })
      : { ...made, credentials };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new CliError('CLI_USAGE', cause.message, 'Give another value.', { cause });
  }
}

/** Which claim names a person. */
export function personClaim(provider: Answers['provider']): string {
  return presetOf(provider).person ?? 'sub';
}

function routesOf(list: readonly (readonly [path: string, route: RouteInput])[]): Record<string, RouteInput> {
  const routes: Record<string, RouteInput> = {};
  for (const [path, route] of list) {
    const words = path.toLowerCase().match(/[a-z0-9]+/g) ?? ['home'];
    const name = /^[a-z]/.test(words[0] ?? '') ? words.join('_') : `path_${words.join('_')}`;
    let unique = name;
    for (let i = 2; Object.hasOwn(routes, unique); i++) unique = `${name}_${i}`;
    routes[unique] = route;
  }
  return routes;
}
