import { CliError } from '../base/cli-error.ts';
import { originUrl } from '../dev/origin-url.ts';
import { DEFAULT_ORIGIN, DEFAULT_PERSONAL, pathList } from './answers.ts';
import { cleanFact, wrongFact } from './check-answers.ts';
import {
  emptyMeans,
  FACTS,
  type FactName,
  mayLack,
  PROVIDER_NAMES,
  type ProviderName,
  presetOf,
} from './provider-presets.ts';

/** Asks on a terminal. Each answer is null where whoever was asked has left. */
export interface Asker {
  text(options: {
    readonly message: string;
    /** An example, or the answer itself where there is an initial one. */
    readonly placeholder: string;
    /** Of an empty answer. */
    readonly initial: string;
    readonly wrong: (text: string) => string | undefined;
  }): Promise<string | null>;
  select<T extends string>(
    message: string,
    options: readonly { value: T; label: string }[],
  ): Promise<T | null>;
  confirm(message: string): Promise<boolean | null>;
  /** What is typed is not shown. */
  secret(message: string, wrong: (text: string) => string | undefined): Promise<string | null>;
}

/** Prompts of `@clack/prompts`, which is loaded where somebody is asked, and nowhere else. */
export async function terminalAsker(): Promise<Asker> {
  const { confirm, isCancel, password, select, text } = await import('@clack/prompts');
  return {
    async text({ message, placeholder, initial, wrong }) {
      const answer = await text({
        message,
        placeholder: initial === '' ? `for example ${placeholder}` : `Enter: ${placeholder}`,
        defaultValue: initial,
        validate: (value) => wrong(value === undefined || value === '' ? initial : value),
      });
      return isCancel(answer) ? null : answer || initial;
    },
    async select(message, options) {
      const answer = await select<string>({ message, options: options.map((option) => ({ ...option })) });
      return isCancel(answer) ? null : (answer as (typeof options)[number]['value']);
    },
    async confirm(message) {
      const answer = await confirm({ message, initialValue: false });
      return isCancel(answer) ? null : answer;
    },
    async secret(message, wrong) {
      const answer = await password({ message, validate: (value) => wrong(value ?? '') });
      return isCancel(answer) ? null : (answer ?? '');
    },
  };
}

export async function askOrigin(asker: Asker): Promise<string> {
  const message = 'Where does your application run?';
  const wrong = (text: string) => {
    try {
      originUrl(text);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return originUrl(
    given(await asker.text({ message, placeholder: DEFAULT_ORIGIN, initial: DEFAULT_ORIGIN, wrong })),
  );
}

export async function askProvider(asker: Asker, seen: ProviderName | null): Promise<ProviderName> {
  const names = seen === null ? PROVIDER_NAMES : [seen, ...PROVIDER_NAMES.filter((name) => name !== seen)];
  const options = names.map((value) => ({
    value,
    label: `${presetOf(value).title}${value === seen ? ' (package.json depends on it)' : ''}`,
  }));
  return given(await asker.select('Whose tokens does it accept?', options));
}

export async function askFact(asker: Asker, provider: ProviderName, name: FactName): Promise<string> {
  const { question, example } = FACTS[name];
  const isFree = mayLack(provider, name);
  const wrong = (text: string) => wrongFact(name, cleanFact(name, text), isFree);
  const message = isFree ? `${question} (empty: ${emptyMeans(name)})` : question;
  return cleanFact(name, given(await asker.text({ message, placeholder: example, initial: '', wrong })));
}

/** The question, an example, and what an empty answer means. */
const PATHS = {
  personal: ['Which paths belong to one person? (patterns, with commas)', DEFAULT_PERSONAL, DEFAULT_PERSONAL],
  shared: ['Which are the same for a group, such as a team? (empty: none)', '/api/team/**', ''],
  public: ['Which are the same for everybody? (empty: none)', '/docs/**', ''],
  editors: ["Which are editors', and never cached? (empty: none)", '/admin/**', ''],
  never: ['Which others are never cached? (empty: none)', '/login, /checkout', ''],
} as const;

export type PathsName = keyof typeof PATHS;

export async function askPaths(asker: Asker, name: PathsName): Promise<string[]> {
  const [message, placeholder, initial] = PATHS[name];
  return pathList(given(await asker.text({ message, placeholder, initial, wrong: () => undefined })));
}

export async function askSharedClaim(asker: Asker): Promise<string> {
  const message = 'Which claim of a token names the group?';
  return given(
    await asker.text({ message, placeholder: 'org_id', initial: 'org_id', wrong: () => undefined }),
  );
}

export function given<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new CliError('CLI_INTERRUPTED', 'Nothing was written.', 'Start again with `claimcache init`.');
}
