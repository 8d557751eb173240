import { cmsWarnings } from './cms/cms-checks.ts';
import { fallbackWarnings } from './fallback-rule.ts';
import type { PolicyInput } from './policy.ts';
import { exactTexts } from './providers/provider.ts';
import { queryTokenWarnings } from './providers/query-tokens.ts';
import { requestFieldWarnings } from './request-fields/request-headers.ts';
import { varyWarnings } from './routes/known-vary.ts';
import { stripWarnings } from './routes/strip-cookies.ts';
import { exactValues, scopeWarnings } from './scopes/scope.ts';

/** What may be meant, and should be known: the build prints it and goes on. */
export function policyWarnings(policy: PolicyInput): readonly string[] {
  const routes = Object.entries(policy.routes).map(([name, route]) => [`routes.${name}`, route] as const);
  return [
    ...scopeWarnings(policy.scopes),
    ...starWarnings([...exactTexts(policy.providers), ...exactValues(policy.scopes)]),
    ...cmsWarnings(policy.cms),
    ...fallbackWarnings(policy),
    ...queryTokenWarnings(policy.providers),
    ...requestFieldWarnings(policy.requestHeaders),
    ...routes.flatMap(([at, route]) => stripWarnings(at, route, policy.providers)),
    ...varyWarnings('ignoreVary', policy),
    ...routes.flatMap(([at, route]) => [
      ...varyWarnings(`${at}.ignoreVary`, route),
      ...(route.compress && route.scope !== undefined
        ? [
            `${at}.compress: whoever can place text in a page of this scope and see the length of the answer may learn the rest of it (BREACH). Only for pages without a secret, such as a CSRF token.`,
          ]
        : []),
    ]),
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
