import type { Policy } from '../../src/policy/policy.ts';
import type { Route } from '../../src/policy/routes/route.ts';
import type { ScopePart, SetPart } from '../../src/policy/scopes/scope-parts.ts';
import type { Report } from './finding.ts';

/** ISO 3166-1 has about as many. */
const COUNTRIES = 250;
/** `desktop`, `mobile`, `tablet` and `other`. */
const DEVICES = 4;

/** One thing by which the entries of a page differ, and how many values it has. */
interface Factor {
  readonly name: string;
  readonly count: number;
}

/**
 * By what the entries of one page of a route differ, with lists alone: what has no list has as many values as clients send, and whoever a scope
 * is filled with has entries of their own.
 */
export function factorsOf({ kind, variants, scope }: Route): readonly Factor[] {
  if (kind === 'pass' || kind === 'sensitive') return [];
  const ofParts = (scope?.parts ?? []).flatMap(factorOf);
  if (variants === null) return ofParts;
  const { languages, countries, devices, cookies } = variants;
  return [
    ...ofParts,
    ...(languages === null ? [] : [{ name: 'languages', count: languages.length }]),
    ...(countries === null
      ? []
      : [{ name: 'countries', count: countryCount(countries === true ? null : countries) }]),
    ...(devices ? [{ name: 'devices', count: DEVICES }] : []),
    ...cookies.map(([name, values]) => ({ name: `cookie ${name}`, count: values.length })),
  ];
}

function factorOf(part: ScopePart): readonly Factor[] {
  switch (part.kind) {
    case 'contains':
      return [{ name: `contains ${part.path.join('.')}`, count: 2 }];
    case 'set':
      return [{ name: `set of ${part.path.join('.')}`, count: setCount(part) }];
    case 'country':
      return [{ name: 'country', count: countryCount(part.values) }];
    case 'device':
      return [{ name: 'device', count: DEVICES }];
    default:
      // One more: `other`.
      return part.values === null
        ? []
        : [{ name: part.kind === 'cookiePattern' ? part.pattern : part.name, count: part.values.length + 1 }];
  }
}

function countryCount(listed: readonly string[] | null): number {
  return listed === null ? COUNTRIES : listed.length + 1;
}

/** All sets of at most so many of the members, the empty one too. */
function setCount({ only, atMost }: SetPart): number {
  let sum = 0;
  let ofSize = 1;
  for (let size = 0; size <= Math.min(atMost, only.length); size++) {
    sum += ofSize;
    ofSize = (ofSize * (only.length - size)) / (size + 1);
  }
  return Math.round(sum);
}

/** How many entries a page of a route may have; for each who has entries of their own. */
export function entriesOf(route: Route): number {
  return factorsOf(route).reduce((product, { count }) => product * count, 1);
}

/** Pages of more entries than the policy's budget: each is asked of the origin on its own, and hits get rare. */
export function checkEntries({ routes, limits }: Policy, report: Report): void {
  for (const route of routes) {
    const entries = entriesOf(route);
    if (entries <= limits.variantsPerPage) continue;
    const factors = factorsOf(route).map(({ name, count }) => `${name} ${count}`);
    report(
      'warning',
      'VARIANTS_OVER_BUDGET',
      `routes.${route.name}`,
      `Each page may have ${entries.toLocaleString('en')} entries${route.scope === null ? '' : ' for each who is told apart by its claims'} (${factors.join(' × ')}), more than ${limits.variantsPerPage}.`,
      'Shorten a list, or raise limits.variantsPerPage where they are meant.',
    );
  }
}
