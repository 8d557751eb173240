import { withoutNonce } from './targets.ts';
import type { Answer } from './types.ts';

/**
 * Three answers in this order: a person's page at one URL, their page at another one, and what somebody else got at the first.
 */
export interface Round {
  readonly own: Answer;
  readonly ownElsewhere: Answer;
  readonly others: Answer;
}

/** Rounds that have to agree before a copy is reported: one may be chance, such as a page that picks one of two banners. */
export const ROUNDS = 3;
/** Differ between any two answers, or are the same in all, without telling of anybody. */
const IGNORED =
  /^(?:date|age|expires|last-modified|content-length|x-cache|x-cache-hits|cache-status|server-timing|x-timer|x-served-by|via|connection|keep-alive)$/;
const MIN_VALUE = 8;

/** What of `own` came back to somebody else: `body`, or the name of a header. Empty: nothing shows it. */
export function suspects({ own, ownElsewhere, others }: Round): string[] {
  // The page has changed in between, and yet somebody else got the earlier one: it was kept, and theirs was never made.
  const isCopy = (of: (answer: Answer) => string) => {
    const value = of(own);
    return value.length >= MIN_VALUE && of(others) === value && of(ownElsewhere) !== value;
  };
  const found = isCopy(bodyOf) && own.status < 400 ? ['body'] : [];
  for (const name of own.headers.keys()) {
    if (!IGNORED.test(name) && isCopy((answer) => withoutNonce(answer.headers.get(name) ?? '')))
      found.push(name);
  }
  return found;
}

/** What is the same suspect in every round, and was never the same twice: no choice among a few values does that. */
export function copiedIn(rounds: readonly Round[]): string[] {
  if (rounds.length < ROUNDS) return [];
  const [first = [], ...rest] = rounds.map(suspects);
  return first.filter((name) => {
    const values = rounds.flatMap(({ own, ownElsewhere }) =>
      [own, ownElsewhere].map((answer) => partOf(name, answer)),
    );
    return rest.every((names) => names.includes(name)) && new Set(values).size === values.length;
  });
}

function partOf(name: string, answer: Answer): string {
  return name === 'body' ? bodyOf(answer) : withoutNonce(answer.headers.get(name) ?? '');
}

export function bodyOf({ text }: Answer): string {
  return withoutNonce(text);
}
