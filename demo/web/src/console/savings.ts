import type { Counts } from '../../../../cli/log/live-news.ts';

/** What nobody can read in a log: each is for its reader to set. */
export interface Assumptions {
  readonly currency: string;
  /** What a million requests cost at the origin: computing, database, whatever is paid by use. */
  readonly pricePerMillion: number;
  /** Of an answer, on average. */
  readonly kilobytes: number;
  /** What a gigabyte costs that leaves the origin. */
  readonly pricePerGigabyte: number;
}

export const USUAL: Assumptions = {
  currency: '$',
  pricePerMillion: 5,
  kilobytes: 30,
  pricePerGigabyte: 0.09,
};

const MINUTES_A_MONTH = 60 * 24 * 30;
const KILOBYTES_A_GIGABYTE = 1_000_000;

export interface Savings {
  readonly money: number;
  readonly gigabytes: number;
  /** At this pace, for thirty days. */
  readonly moneyAMonth: number;
  readonly gigabytesAMonth: number;
}

/** What the origin requests that were saved in so many minutes would have cost. */
export function savingsOf({ saved }: Counts, minutes: number, assumed: Assumptions): Savings {
  const gigabytes = (saved * assumed.kilobytes) / KILOBYTES_A_GIGABYTE;
  const money = (saved / 1_000_000) * assumed.pricePerMillion + gigabytes * assumed.pricePerGigabyte;
  const months = MINUTES_A_MONTH / minutes;
  return { money, gigabytes, moneyAMonth: money * months, gigabytesAMonth: gigabytes * months };
}

/** Requests that are at the origin at one time, on average (Little's law). */
export function originLoad({ originMs }: Pick<Counts, 'originMs'>, minutes: number): number {
  return originMs / (minutes * 60_000);
}

/** What it would be without a cache: every request would take as long as those that reach the origin now. */
export function loadWithoutCache({ origin, originMs, saved }: Counts, minutes: number): number | null {
  if (origin === 0) return null;
  return ((originMs / origin) * (origin + saved)) / (minutes * 60_000);
}

/** What was kept in this browser, as far as it is of use. */
export function readAssumptions(text: string | null): Assumptions {
  let kept: Partial<Record<keyof Assumptions, unknown>> = {};
  try {
    kept = JSON.parse(text ?? '{}') ?? {};
  } catch {
    // Somebody has edited it: then it is the usual.
  }
  const price = (name: 'pricePerMillion' | 'kilobytes' | 'pricePerGigabyte') => {
    const value = kept[name];
    return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : USUAL[name];
  };
  return {
    currency: typeof kept.currency === 'string' ? kept.currency.slice(0, 4) : USUAL.currency,
    pricePerMillion: price('pricePerMillion'),
    kilobytes: price('kilobytes'),
    pricePerGigabyte: price('pricePerGigabyte'),
  };
}
