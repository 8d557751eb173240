import { compilePolicy } from '../../src/policy/compile.ts';
import { PolicyError } from '../../src/policy/policy-error.ts';
import { isTrustedUrl } from '../../src/policy/providers/trusted-url.ts';
import { CliError } from '../base/cli-error.ts';
import { isLoopback } from '../base/safe-url.ts';
import type { Answers } from './answers.ts';
import { policyInput } from './policy-input.ts';
import { FACTS, type FactName } from './provider-presets.ts';

/** What people write who have nothing to say. */
const NOTHING = /^(?:-+|none|no|n\/?a|nothing|null|undefined)$/i;

/**
 * What is wrong with an answer, in a sentence; undefined: nothing.
 *
 * @param mayLack - Tokens of this provider may have no such claim: then an empty answer is one.
 */
export function wrongFact(name: FactName, text: string, mayLack: boolean): string | undefined {
  const example = exampleOf(name, text);
  if (text === '' && mayLack) return undefined;
  if (NOTHING.test(text) && mayLack)
    return `Leave it empty where ${name === 'tokenCookie' ? 'no cookie has the token' : 'the tokens have none'}`;
  if (text === '' || NOTHING.test(text)) return `It is needed, such as ${example}`;
  if (/[\s'"`\\]/.test(text)) return `It has no spaces and no quotes: ${example}`;
  if (name === 'domain' && !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return `A host name alone: ${example}`;
  if (name === 'tokenCookie' && /[=;,]/.test(text)) return `The name of the cookie alone: ${example}`;
  if (isUrl(name) && !isTrustedUrl(text))
    return `An https URL without user and query (http: only on this machine): ${example}`;
  return undefined;
}

/** How it is to be written: where it is nearly the URL that is needed, that one. */
export function exampleOf(name: FactName, text: string): string {
  const { example } = FACTS[name];
  if (!isUrl(name) || !/[.:/]/.test(text)) return example;
  const rest = text
    .replace(/^(?:[a-z]+:\/)?\/*/i, '')
    .replace(/[?#].*$/, '')
    .replace(/^[^/]*@/, '');
  if (!URL.canParse(`https://${rest}`)) return example;
  return `${isLoopback(new URL(`https://${rest}`)) ? 'http' : 'https'}://${rest}`;
}

function isUrl(name: FactName): boolean {
  return name === 'url' || name === 'jwksUrl';
}

/** `https://my.auth0.com/` where the host alone is asked for. */
export function cleanFact(name: FactName, text: string): string {
  const trimmed = text.trim();
  return name === 'domain' ? trimmed.replace(/^https?:\/\//i, '').replace(/\/.*$/, '') : trimmed;
}

/**
 * @throws {CliError} CLI_USAGE where the answers make no policy.
 */
export function checkAnswers(answers: Answers): void {
  if (answers.shared.length > 0 && answers.sharedClaim === null) {
    throw new CliError(
      'CLI_USAGE',
      'Which claim names the group of the shared paths?',
      'Add --shared-claim org_id',
    );
  }
  try {
    compilePolicy(policyInput(answers));
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new CliError('CLI_USAGE', `These answers make no policy:\n${cause.message}`, 'Give others.', {
      cause,
    });
  }
}
