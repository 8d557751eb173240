import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../scripts/root.ts';
import type { Cost, WorstCost } from '../meter/measure-cost.ts';
import { functionsIn } from './functions.ts';

/** What the service may cost; `bench/budget/budget.json` in the repository. */
export interface Budget {
  /** Bytes by file. */
  readonly bytes: Readonly<Record<string, number>>;
  /** In the bundle: `npm run bench:bundle` tells whose they are. */
  readonly functions: number;
  readonly requests: Readonly<Record<string, Cost>>;
}

/** How far a number may exceed its budget. Counts repeat to a thousandth; what is left is for another clone's keys and ports. */
const LEEWAY = { instructions: 1.01, mean: 1.02, hostCalls: 1, first: 1.02, bytes: 1.02, functions: 1.01 };
/** A budget that is that much too large lets a regression through: the report asks to lower it. */
const SLACK = 0.9;

const FILE = path.join(root, 'bench/budget/budget.json');
const BUNDLE = 'build/test/site.js';
const BUILT = [BUNDLE, 'build/test/site.wasm'];

export function readBudget(): Budget {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Budget;
}

export function writeBudget(budget: Budget): void {
  writeFileSync(FILE, `${JSON.stringify(budget, null, 2)}\n`);
}

/** Bytes of the test site's service, which `buildService` made. */
export function builtBytes(): Record<string, number> {
  return Object.fromEntries(BUILT.map((file) => [file, statSync(path.join(root, file)).size]));
}

/** How many functions its bundle has. */
export function builtFunctions(): number {
  return functionsIn(readFileSync(path.join(root, BUNDLE), 'utf8')).length;
}

/** A sentence where the service has more functions than its budget allows. */
export function tooManyFunctions(functions: number, budget: Pick<Budget, 'functions'>): string[] {
  if (functions <= budget.functions * LEEWAY.functions) return [];
  return [
    `The service has ${functions} functions, its budget ${budget.functions}; each costs every request some 5,000 instructions. npm run bench:bundle tells whose they are. ${FIX}`,
  ];
}

/** A sentence for each size that exceeds its budget: what, by how much, and what to do. */
export function tooLarge(bytes: Budget['bytes'], budget: Budget): string[] {
  return Object.entries(bytes).flatMap(([file, size]) => {
    const allowed = budget.bytes[file] ?? 0;
    if (size <= allowed * LEEWAY.bytes) return [];
    return `${file} has ${size} bytes, ${percent(size, allowed)} more than its budget of ${allowed}. ${FIX}`;
  });
}

/** The same for costs. */
export function tooCostly(requests: Budget['requests'], budget: Budget): string[] {
  return Object.entries(requests).flatMap(([name, cost]) => {
    const allowed = budget.requests[name];
    if (allowed === undefined) return [`"${name}" has no budget. ${FIX}`];
    return (['instructions', 'mean', 'hostCalls', 'first'] as const).flatMap((what) => {
      const [spent, most] = [cost[what], allowed[what]];
      if (spent === null || most === null || spent <= most * LEEWAY[what]) return [];
      return `"${name}": ${WORDS[what]} ${spent}, ${percent(spent, most)} more than its budget of ${most}. ${FIX}`;
    });
  });
}

/** The worst request of a kind costs as much as so many usual ones, and no more. */
export const WORST = 10;

/** A sentence for each request that somebody could send in the place of many. */
export function tooDear(worst: Readonly<Record<string, WorstCost>>, requests: Budget['requests']): string[] {
  return Object.entries(worst).flatMap(([name, { like, instructions }]) => {
    const usual = requests[like]?.instructions ?? 0;
    if (instructions <= usual * WORST) return [];
    const times = (instructions / usual).toFixed(1);
    return `"${name}" costs ${instructions} instructions, ${times} times as much as "${like}": ${WORST} times are allowed. Bound what it sends.`;
  });
}

/** What has become so much cheaper that the budget should follow. */
export function slack(requests: Budget['requests'], budget: Budget): string[] {
  return Object.entries(requests)
    .filter(([name, { instructions }]) => instructions < (budget.requests[name]?.instructions ?? 0) * SLACK)
    .map(([name]) => `"${name}" has become much cheaper. Lower its budget: npm run bench:cost -- --write`);
}

const WORDS = {
  instructions: 'instructions of the usual request',
  mean: 'instructions on the average',
  hostCalls: 'host calls',
  first: 'instructions of the first of a sandbox',
};
const FIX =
  'Look at what has been added on the way of every request; if it is worth that, npm run bench:cost -- --write';

function percent(value: number, of: number): string {
  return `${((value / of - 1) * 100).toFixed(1)} %`;
}
