import * as v from 'valibot';
import type { RequiredClaimsInput } from '../claims/claim-requirements.ts';
import { compileRequiredClaims } from '../claims/claim-requirements.ts';
import type { Report } from '../policy-error.ts';
import { isList, isText, oneOf, text, texts } from '../settings.ts';

/** `https://login.example/{tenant}/v2`: what stands for the braces is the token's own claim of that name. */
export interface IssuerTemplate {
  readonly before: string;
  readonly claim: string;
  readonly after: string;
}

/** Compared exactly, or by a claim. */
export type Issuer = string | IssuerTemplate;

const TEMPLATE = /^([^{}]+)\{([A-Za-z0-9_]+)\}([^{}]*)$/;

export const issuer = oneOf(
  'Expected a text or a list of texts, such as "https://login.example.com", or with a claim: "https://login.example.com/{tid}/v2.0".',
  [isText, text],
  [isList, v.pipe(texts, v.minLength(1, 'The list is empty: name an issuer, or remove the setting.'))],
);

export function compileIssuers(input: string | readonly string[] = []): readonly Issuer[] {
  return [input].flat().map((text) => {
    const [, before, claim, after] = TEMPLATE.exec(text) ?? [];
    return before === undefined || claim === undefined || after === undefined
      ? text
      : { before, claim, after };
  });
}

/** A template lets in whoever can set its claim, so it has to be said which values count. */
export function issuerProblems(
  at: string,
  input: string | readonly string[] | undefined,
  required: RequiredClaimsInput | undefined,
  report: Report,
): void {
  const listed = compileRequiredClaims(required);
  for (const rule of compileIssuers(input)) {
    if (typeof rule === 'string') {
      if (/[{}]/.test(rule))
        report(
          'POLICY_SHAPE',
          `${at}.issuer`,
          rule,
          'Expected one claim of letters, digits and "_" in braces, behind the beginning of a URL: "https://login.example.com/{tid}/v2.0".',
        );
      continue;
    }
    const isListed = listed.some(
      ({ path, values }) => path.length === 1 && path[0] === rule.claim && values !== null,
    );
    if (!isListed)
      report(
        'POLICY_UNSAFE',
        `${at}.issuer`,
        `${rule.before}{${rule.claim}}${rule.after}`,
        `Tokens of every "${rule.claim}" would count. Say which ones do: requiredClaims: { ${rule.claim}: ["…"] } of this provider.`,
      );
  }
}
