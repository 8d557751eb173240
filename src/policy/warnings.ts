import type { PolicyInput } from './input.ts';

/** What may be meant, and should be known: the build prints it and goes on. */
export function policyWarnings(policy: PolicyInput): readonly string[] {
  const warnings: string[] = [];
  for (const [name, scope] of Object.entries(policy.scopes ?? {})) {
    scope.parts?.forEach((part, i) => {
      if (('header' in part || 'cookie' in part) && part.values === undefined) {
        const what = 'header' in part ? `header ${part.header}` : `cookie ${part.cookie}`;
        warnings.push(
          `scopes.${name}.parts.${i}: nothing verifies the ${what}. Whoever sends a value gets what is cached under it; the origin decides who may send it, but only on a miss.`,
        );
      }
    });
  }
  warnings.push(...varyWarnings('ignoreVary', policy.ignoreVary));
  for (const [name, { ignoreVary, compress, scope }] of Object.entries(policy.routes)) {
    warnings.push(...varyWarnings(`routes.${name}.ignoreVary`, ignoreVary));
    if (compress && scope !== undefined) {
      warnings.push(
        `routes.${name}.compress: whoever can place text in a page of this scope and see the length of the answer may learn the rest of it (BREACH). Only for pages without a secret, such as a CSRF token.`,
      );
    }
  }
  return warnings;
}

/** The origin says that its answers differ by it. */
function varyWarnings(at: string, names: readonly string[] = []): string[] {
  return names.map(
    (name) =>
      `${at}: an answer that the origin gave without ${name} is shared with everybody who sends one, whatever the origin makes of it.`,
  );
}
