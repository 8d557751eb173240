import { cmsWarnings } from './cms/cms-checks.ts';
import { fallbackWarnings } from './fallback-rule.ts';
import type { PolicyInput } from './policy.ts';
import { exactTexts, localKeyWarnings } from './providers/provider.ts';
import { queryTokenWarnings } from './providers/query-token-rule.ts';
import { purgeHookWarnings } from './purge-hooks/purge-hook-checks.ts';
import { requestFieldWarnings } from './request-fields/request-headers.ts';
import { bodyWarnings } from './routes/body-rule.ts';
import { unboundedWarnings, varyWarnings } from './routes/known-vary.ts';
import { queryWarnings } from './routes/query-rule.ts';
import { stripWarnings } from './routes/strip-cookies.ts';
import { exactValues, scopeWarnings } from './scopes/scope.ts';

/** Where the documentation explains a group of warnings. */
export const WARNING_PAGES = {
  parts: 'docs/concepts/identity.md#parts-of-a-scope',
  stars: 'docs/reference/policy.md#names-and-patterns-of-names',
  keys: 'docs/how-to/identity-providers.md#another-provider',
  cms: 'docs/how-to/origins.md#limit-requests-that-pass',
  fallback: 'docs/concepts/lanes.md#paths-without-a-route',
  queryTokens: 'docs/concepts/identity.md#tokens-in-the-query',
  requestFields: 'docs/how-to/origins.md#fields-that-reach-no-origin',
  hooks: 'docs/how-to/purge-hooks.md#signatures',
  cookies: 'docs/concepts/caching.md#set-cookie',
  query: 'docs/concepts/caching.md#verbatim-query',
  vary: 'docs/concepts/caching.md#vary',
  compress: 'docs/reference/settings.md#routeinput',
  bodies: 'docs/how-to/request-bodies.md',
} as const;

export interface PolicyWarning {
  /** Such as `routes.orders.compress: …`. */
  readonly text: string;
  readonly page: string;
}

/** What may be meant, and should be known: the build prints it and goes on. */
export function policyWarnings(policy: PolicyInput): readonly string[] {
  return documentedWarnings(policy).map(({ text }) => text);
}

/** The same, each with the page that explains it. */
export function documentedWarnings(policy: PolicyInput): readonly PolicyWarning[] {
  const routes = Object.entries(policy.routes).map(([name, route]) => [`routes.${name}`, route] as const);
  const on = (page: keyof typeof WARNING_PAGES, texts: readonly string[]) =>
    texts.map((text) => ({ text, page: WARNING_PAGES[page] }));
  return [
    ...on('parts', scopeWarnings(policy.scopes)),
    ...on('stars', starWarnings([...exactTexts(policy.providers), ...exactValues(policy.scopes)])),
    ...on('keys', localKeyWarnings(policy.providers)),
    ...on('cms', cmsWarnings(policy)),
    ...on('fallback', fallbackWarnings(policy)),
    ...on('queryTokens', queryTokenWarnings(policy.providers)),
    ...on('requestFields', requestFieldWarnings(policy.requestHeaders)),
    ...on('hooks', purgeHookWarnings(policy.purgeHooks)),
    ...on(
      'cookies',
      routes.flatMap(([at, route]) => stripWarnings(at, route, policy.providers)),
    ),
    ...on('vary', varyWarnings('ignoreVary', policy)),
    ...routes.flatMap(([at, route]) => [
      ...on('query', queryWarnings(at, route, policy.ignoreQuery ?? [])),
      ...on('vary', [...varyWarnings(`${at}.ignoreVary`, route), ...unboundedWarnings(at, route)]),
      ...on('compress', compressWarnings(at, route)),
      ...on('bodies', bodyWarnings(at, route)),
    ]),
  ];
}

function compressWarnings(at: string, { compress, scope }: PolicyInput['routes'][string]): string[] {
  if (!compress || scope === undefined) return [];
  return [
    `${at}.compress: whoever can place text in a page of this scope and see the length of the answer may learn the rest of it (BREACH). Only for pages without a secret, such as a CSRF token.`,
  ];
}

/** Settings of free text in which a star has no meaning, and may still be part of the text. */
function starWarnings(texts: readonly (readonly [path: string, text: string])[]): string[] {
  return texts
    .filter(([, text]) => text.includes('*'))
    .map(
      ([path, text]) =>
        `${path}: ${JSON.stringify(text)} is compared exactly, the * too; it stands for no others here.`,
    );
}
