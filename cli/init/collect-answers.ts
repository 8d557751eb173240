import { CliError } from '../base/cli-error.ts';
import { type Answers, DEFAULT_ORIGIN, DEFAULT_PERSONAL } from './answers.ts';
import { checkAnswers, cleanFact, exampleOf, wrongFact } from './check-answers.ts';
import {
  FACTS,
  type FactName,
  type Facts,
  factsOf,
  mayLack,
  PROVIDER_NAMES,
  type ProviderName,
  presetOf,
} from './provider-presets.ts';
import {
  type Asker,
  askFact,
  askOrigin,
  askPaths,
  askProvider,
  askSharedClaim,
  type PathsName,
} from './questions.ts';

/** As commander reads them. */
export interface InitOptions extends Facts {
  readonly yes?: boolean;
  readonly origin?: string;
  readonly provider?: ProviderName;
  readonly personal?: readonly string[];
  readonly shared?: readonly string[];
  readonly sharedClaim?: string;
  readonly public?: readonly string[];
  readonly editors?: readonly string[];
  readonly never?: readonly string[];
  readonly secretFile?: string;
  readonly package?: string;
  readonly install: boolean;
  readonly json?: boolean;
}

/**
 * What the options say, and of the rest what is answered, or usual.
 *
 * @param asker - null: nobody is asked.
 * @param seen - What the application depends on: proposed first, and never taken unasked.
 * @throws {CliError} CLI_USAGE for what has no usual answer.
 */
export async function collectAnswers(
  options: InitOptions,
  asker: Asker | null,
  seen: ProviderName | null,
): Promise<Answers> {
  const origin = options.origin ?? (asker === null ? DEFAULT_ORIGIN : await askOrigin(asker));
  const provider =
    options.provider ?? (asker === null ? missingProvider(seen) : await askProvider(asker, seen));
  const facts: Partial<Record<FactName, string>> = {};
  for (const name of factsOf(provider)) {
    const text = options[name];
    facts[name] =
      text === undefined && asker !== null
        ? await askFact(asker, provider, name)
        : fact(provider, name, text);
  }
  const paths = async (name: PathsName, usual: readonly string[]) =>
    options[name] ?? (asker === null ? usual : await askPaths(asker, name));
  const personal = await paths('personal', [DEFAULT_PERSONAL]);
  const shared = await paths('shared', []);
  const sharedClaim =
    options.sharedClaim ?? (shared.length > 0 && asker !== null ? await askSharedClaim(asker) : null);
  const answers = {
    origin,
    provider,
    facts,
    personal,
    shared,
    sharedClaim,
    public: await paths('public', []),
    editors: await paths('editors', []),
    never: await paths('never', []),
  };
  checkAnswers(answers);
  return answers;
}

function missingProvider(seen: ProviderName | null): never {
  throw new CliError(
    'CLI_USAGE',
    'Whose tokens does the service accept?',
    seen === null
      ? `Add --provider: ${PROVIDER_NAMES.join(', ')}`
      : `Add --provider ${seen}, by what package.json depends on; or one of: ${PROVIDER_NAMES.join(', ')}`,
  );
}

function fact(provider: ProviderName, name: FactName, text: string | undefined): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const value = cleanFact(name, text ?? '');
  const wrong = wrongFact(name, value, mayLack(provider, name));
  if (wrong === undefined) return value;
  const { question } = FACTS[name];
  throw new CliError(
    'CLI_USAGE',
    text === undefined ? `${presetOf(provider).title}: ${question}` : `${flag}: ${wrong}`,
    `Add ${flag} ${exampleOf(name, value)}`,
  );
}
