/** The five pages of the dashboard. */
export const PAGE_PATHS: readonly string[] = [
  '/api/dashboard',
  '/api/orders',
  '/api/profile',
  '/api/payment-methods',
  '/api/team/report',
];
