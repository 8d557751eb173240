import type { PolicyInput } from '../../src/policy/policy.ts';
import type { RouteInput } from '../../src/policy/routes/route.ts';
import type { Answers } from './answers.ts';
import { presetOf } from './provider-presets.ts';

/**
 * What a new policy says of paths that no route names. null: the policy has no such setting. With `fallback: 'auto'` in the policy's types, this is
 * to be `{ fallback: 'auto' }`.
 */
export const NEW_POLICY_FALLBACK: object | null = null;

/** The policy of a new service. */
export function policyInput(answers: Answers): PolicyInput {
  const { provider, facts, personal, shared, sharedClaim, editors, never } = answers;
  const preset = presetOf(provider);
  const fact = (name: keyof typeof facts) => facts[name] ?? '';
  return {
    origins: { app: { backend: 'origin' } },
    ...(editors.length > 0 && { cms: { paths: editors } }),
    providers: { [provider]: preset.provider(fact, provider) },
    scopes: {
      user: { claims: 'sub' },
      ...(shared.length > 0 && sharedClaim !== null && { group: { claims: sharedClaim, shared: true } }),
    },
    routes: routesOf([
      ...personal.map((path) => [path, { path, scope: 'user', ttlSeconds: { max: 600 } }] as const),
      ...shared.map((path) => [path, { path, scope: 'group', ttlSeconds: { max: 300 } }] as const),
      ...answers.public.map((path) => [path, { path, lane: 'public' }] as const),
      ...never.map((path) => [path, { path, lane: 'pass' }] as const),
    ]),
    ...NEW_POLICY_FALLBACK,
    ignoreQuery: ['utm_*', 'gclid', 'fbclid'],
  };
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
