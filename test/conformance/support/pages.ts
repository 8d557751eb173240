import type { Answer } from '../../support/send.ts';

/** The routes of one person that are cached. */
export const PERSONAL_PATHS = [
  '/api/dashboard',
  '/api/orders',
  '/api/profile',
  '/api/lab/cacheable',
] as const;
export const TEAM_PATH = '/api/team/report';
export const SENSITIVE_PATH = '/api/payment-methods';

/** Which rendering of a page this is: a new one has another id. */
export function renderOf(answer: Answer): string {
  return answer.json<{ render: string }>().render;
}
