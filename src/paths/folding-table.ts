import type { CharacterTable, Folding } from './fold-characters.ts';

/** For Node alone: it reads what Unicode says of every character. */

type Entry = readonly [code: number, folded: string];

const SPECIAL = /[/\\.%;?#\s\0]/;
/** Where characters stand that fold to others; between them are ideographs alone, and nothing. */
const RANGES = [
  [0x80, 0x33ff],
  [0xa000, 0xd7ff],
  [0xf900, 0x1ffff],
  [0x2f800, 0x2fa1f],
  [0xe0000, 0xe0fff],
] as const;
const FOLDS = /[\p{Changes_When_NFKC_Casefolded}\p{Changes_When_Casemapped}]/u;

let everything: { readonly plain: readonly Entry[]; readonly special: CharacterTable } | null = null;
const known = new Map<string, Folding>();

/** The folding that a policy needs whose patterns hold these texts. */
export function foldingOf(texts: readonly string[]): Folding {
  const held = new Set([...foldFully(texts.join(''))].sort());
  const id = [...held].join('');
  const folding = known.get(id) ?? foldingFor(held);
  known.set(id, folding);
  return folding;
}

function foldingFor(held: ReadonlySet<string>): Folding {
  everything ??= allEntries();
  const { plain, special } = everything;
  return {
    plain: tableOf(plain.filter(([, folded]) => [...folded].every((char) => held.has(char)))),
    special,
    marks: [...held].filter((char) => /\p{M}/u.test(char)).join(''),
  };
}

/** Compatibility decomposition, and no difference between cases: whatever Unicode's own rules may make equal. */
export function foldFully(text: string): string {
  let [before, folded] = ['', text];
  while (before !== folded) {
    before = folded;
    folded = folded.normalize('NFKD').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKD');
  }
  return folded;
}

/** Characters whose outcome is more than their lower case. */
function allEntries(): NonNullable<typeof everything> {
  const [plain, special]: [Entry[], Entry[]] = [[], []];
  for (const [first, last] of RANGES) {
    for (let code = first; code <= last; code++) {
      const char = String.fromCodePoint(code);
      if (!FOLDS.test(char) && char.normalize('NFKD') === char) continue;
      const folded = /\p{Default_Ignorable_Code_Point}/u.test(char) ? '' : foldFully(char);
      if (folded === char.toLowerCase()) continue;
      (folded === '' || SPECIAL.test(folded) ? special : plain).push([code, folded]);
    }
  }
  return { plain, special: tableOf(special) };
}

function tableOf(entries: readonly Entry[]): CharacterTable {
  const runs: { first: number; last: number; folded: string; step: 0 | 1 | null }[] = [];
  for (const [code, folded] of entries) {
    const run = runs.at(-1);
    if (run?.last === code - 1 && run.step !== 1 && run.folded === folded)
      Object.assign(run, { last: code, step: 0 });
    else if (run?.last === code - 1 && run.step !== 0 && isNext(run.folded, folded, code - run.first))
      Object.assign(run, { last: code, step: 1 });
    else runs.push({ first: code, last: code, folded, step: null });
  }
  let text = '';
  const numbers = runs.flatMap(({ first, last, folded, step }) => {
    const known = text.indexOf(folded);
    const at = known < 0 ? text.length : known;
    if (known < 0) text += folded;
    return [first, last, at, folded.length, step ?? 0];
  });
  return { runs: new Uint32Array(numbers), text };
}

function isNext(first: string, folded: string, distance: number): boolean {
  if ([...first].length !== 1 || [...folded].length !== 1) return false;
  return folded.codePointAt(0) === (first.codePointAt(0) ?? 0) + distance;
}
