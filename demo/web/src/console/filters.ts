import type { RequestLine } from '../../../../cli/log/live-news.ts';

/** What the list of requests is narrowed to; '' is all. The names are those in the address. */
export interface Filters {
  readonly text: string;
  readonly route: string;
  readonly lane: string;
  readonly state: string;
  /** `4xx`, or one status. */
  readonly status: string;
  readonly fingerprint: string;
}

/** Of the state and so on: what a person chooses from. */
export const LANES = ['scoped', 'public', 'pass', 'reject'] as const;
export const STATES = ['HIT', 'MISS', 'STALE', 'BYPASS', 'ERROR'] as const;
export const STATUSES = ['2xx', '3xx', '4xx', '5xx'] as const;

export function filtersOf(params: URLSearchParams): Filters {
  return Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? ''])) as unknown as Filters;
}

/** Changes of the address that take all filters away. */
export const NO_FILTERS: Readonly<Record<keyof Filters, null>> = {
  text: null,
  route: null,
  lane: null,
  state: null,
  status: null,
  fingerprint: null,
};
const NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];

export function isFiltered(filters: Filters): boolean {
  return NAMES.some((name) => filters[name] !== '');
}

/** Whether a line passes. A text is looked for in whatever the list shows of it. */
export function createMatch(
  filters: Filters,
  patterns: Readonly<Record<string, string>>,
): (line: RequestLine) => boolean {
  const { route, lane, state, status, fingerprint } = filters;
  const text = filters.text.trim().toLowerCase();
  const statusClass = /^([1-5])xx$/.exec(status)?.[1];
  return (line) =>
    (route === '' || line.route === route) &&
    (lane === '' || line.lane === lane) &&
    (state === '' || line.state === state) &&
    (status === '' ||
      (statusClass === undefined
        ? String(line.status) === status
        : String(line.status)[0] === statusClass)) &&
    (fingerprint === '' || (line.fingerprint ?? '').startsWith(fingerprint)) &&
    (text === '' || textOf(line, patterns).includes(text));
}

function textOf(line: RequestLine, patterns: Readonly<Record<string, string>>): string {
  const { method, path, route, reason, detail, code, requestId } = line;
  return [method, path, route, patterns[route], reason, detail, code, requestId].join(' ').toLowerCase();
}
