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
  for (const [path, text] of comparedExactly(policy)) {
    if (!text.includes('*')) continue;
    warnings.push(
      `${path}: ${JSON.stringify(text)} is compared exactly, the * too; it stands for no others here.`,
    );
  }
  policy.cms?.cookies?.forEach((cookie, i) => {
    if (typeof cookie === 'string' || !('hmac' in cookie)) return;
    if (cookie.hmac.covers !== 'text' || cookie.hmac.prefix !== undefined) return;
    warnings.push(
      `cms.cookies.${i}.hmac.covers: the signature does not hold the name ${cookie.name}. Any cookie that is signed with the same secret counts as this one; a prefix, or a secret of its own, keeps them apart.`,
    );
  });
  return warnings;
}

/** Settings of free text in which a star has no meaning, and may still be part of the text. */
function comparedExactly({ providers, scopes }: PolicyInput): (readonly [path: string, text: string])[] {
  return [
    ...Object.entries(providers ?? {}).flatMap(([name, { issuer = [], audience = [] }]) => [
      ...[issuer].flat().map((text) => [`providers.${name}.issuer`, text] as const),
      ...[audience].flat().map((text) => [`providers.${name}.audience`, text] as const),
    ]),
    ...Object.entries(scopes ?? {}).flatMap(([name, { parts = [] }]) =>
      parts.flatMap((part, i) =>
        'values' in part
          ? (part.values ?? []).map((text) => [`scopes.${name}.parts.${i}.values`, text] as const)
          : [],
      ),
    ),
  ];
}
