/** The pages of the console, in the order of its navigation. */
export const VIEWS = {
  overview: 'Overview',
  requests: 'Requests',
  purge: 'Purge',
  switches: 'Switches',
  explain: 'Explain',
} as const;
export type View = keyof typeof VIEWS;

export function viewOf(params: URLSearchParams): View {
  const name = params.get('view') ?? '';
  return Object.hasOwn(VIEWS, name) ? (name as View) : 'overview';
}

/** How far back the numbers go. */
export const MINUTES = [1, 10, 60] as const;
export type Minutes = (typeof MINUTES)[number];

export function minutesOf(params: URLSearchParams): Minutes {
  const given = Number(params.get('minutes'));
  return MINUTES.find((minutes) => minutes === given) ?? 10;
}

export function spanText(minutes: Minutes): string {
  return minutes === 1 ? 'last minute' : minutes === 60 ? 'last hour' : `last ${minutes} minutes`;
}
