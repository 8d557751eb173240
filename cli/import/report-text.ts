import { printable } from '../base/printable.ts';
import type { World } from '../base/world.ts';
import type { FoundSecret, Note } from './draft.ts';

const TITLES = {
  done: 'Done',
  changed: 'Changed: it means something else here',
  'not-carried': 'Not carried: nothing of the policy stands for it',
  todo: 'To do: the policy does not build before these are answered',
} as const;

/** What an import did, line by line of its source. */
export function reportText(
  notes: readonly Note[],
  secrets: readonly FoundSecret[],
  colors: World['colors'],
): string {
  const paint = {
    done: colors.green,
    changed: colors.yellow,
    'not-carried': colors.yellow,
    todo: colors.red,
  };
  const sections = (Object.keys(TITLES) as Note['kind'][]).flatMap((kind) => {
    const lines = notes
      .filter((note) => note.kind === kind)
      .sort((one, other) => one.line - other.line)
      .map(({ line, text }) => `  ${(line > 0 ? `line ${line}` : '').padEnd(9)} ${printable(text)}`);
    return lines.length === 0 ? [] : [paint[kind](TITLES[kind]), ...new Set(lines), ''];
  });
  return [...sections, ...secretLines(secrets)].join('\n');
}

/** Where each secret stands and where it belongs: never what it is. */
function secretLines(secrets: readonly FoundSecret[]): readonly string[] {
  if (secrets.length === 0) return [];
  return [
    'Secrets: for the Secret Store, none of them is in the policy',
    ...secrets.map(({ item, line, value }) =>
      value === null
        ? `  ${''.padEnd(9)} ${item}: the source only names it. Put its value into the store "claimcache_secrets".`
        : `  ${`line ${line}`.padEnd(9)} ${item}: stands in the source. Add --secrets FOLDER to have it written to a file of its own, for the store "claimcache_secrets".`,
    ),
    '',
  ];
}
