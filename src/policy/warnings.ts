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
  return warnings;
}
