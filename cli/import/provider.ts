import type { Algorithm } from '../../src/policy/providers/algorithm-names.ts';
import type { CredentialInput } from '../../src/policy/providers/credential-sources.ts';
import type { KeySourceInput } from '../../src/policy/providers/key-source.ts';
import type { ProviderInput } from '../../src/policy/providers/provider.ts';
import { type Answers, type Known, Todo } from './draft.ts';

export interface ProviderFacts {
  readonly credentials?: readonly CredentialInput[];
  readonly algorithms?: readonly Algorithm[];
  /** Where the source knows it. */
  readonly keys?: KeySourceInput;
  /** The item of the Secret Store for a secret that the source has or names. */
  readonly secretItem?: string;
  readonly issuer?: string;
  readonly audience?: string;
}

/** Not asked for, by a person's own word. */
const NONE = 'none';

/** A provider from what the source tells and a person has answered; what neither does is a TODO that does not build. */
export function providerOf(name: string, facts: ProviderFacts, answers: Answers): Known<ProviderInput> {
  const algorithms = facts.algorithms ?? algorithmsOf(answers);
  const isSecret = algorithms.some((algorithm) => algorithm.startsWith('HS'));
  const issuer = facts.issuer ?? answers.issuer;
  const audience = facts.audience ?? answers.audience;
  return {
    ...(facts.credentials === undefined ? {} : { credentials: facts.credentials }),
    algorithms,
    keys: facts.keys ?? keysOf(name, facts, answers, isSecret),
    ...optional(
      'issuer',
      issuer,
      `providers.${name}.issuer: the \`iss\` of the tokens, exactly as it stands in one.`,
      'https://todo.invalid',
    ),
    ...optional(
      'audience',
      audience,
      `providers.${name}.audience: the \`aud\` of the tokens that are meant for this site.`,
      'todo',
    ),
  };
}

function optional(
  setting: 'issuer' | 'audience',
  value: string | undefined,
  question: string,
  standIn: string,
) {
  if (value === NONE) return {};
  return { [setting]: value ?? new Todo(question, standIn) };
}

function algorithmsOf({ algorithm }: Answers): readonly Algorithm[] {
  // What identity providers sign with, unless somebody says otherwise. A token never chooses.
  return algorithm === undefined ? ['RS256', 'ES256'] : (algorithm.split(',') as Algorithm[]);
}

function keysOf(
  name: string,
  facts: ProviderFacts,
  answers: Answers,
  isSecret: boolean,
): KeySourceInput | Todo {
  if (isSecret) {
    return { secretStore: 'claimcache_secrets', item: facts.secretItem ?? `${name}_secret`, format: 'raw' };
  }
  if (answers.jwksUrl !== undefined) return { jwksUrl: answers.jwksUrl, backend: 'idp' };
  const discovery = answers.discovery ?? (isUrl(answers.issuer) ? answers.issuer : undefined);
  if (discovery !== undefined) return { discovery, backend: 'idp' };
  const question = `providers.${name}.keys: where the keys are that verify the tokens, such as { discovery: "https://login.example.com", backend: "idp" } or { jwksUrl: "…", backend: "idp" }.`;
  return new Todo(question, { configStore: 'claimcache_config', item: 'todo' });
}

function isUrl(text: string | undefined): text is string {
  return text !== undefined && /^https:\/\//.test(text);
}

/** What the log of an import says of a provider's open questions. */
export function openQuestions(provider: Known<ProviderInput>): readonly string[] {
  return Object.values(provider).flatMap((value) => (value instanceof Todo ? [value.what] : []));
}
