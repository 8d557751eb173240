import { inject } from 'vitest';
import { purgeThrough } from '../../../demo/origin/purge-through.ts';

export interface SiteFacts {
  /** Of the edge: what a browser is given. */
  readonly url: string;
  readonly originUrl: string;
  /** With its key. */
  readonly consoleUrl: string;
  readonly operatorToken: string;
  /** The pages that are served. */
  readonly webFolder: string;
}

/** The demo that the tests in a browser share. */
export const site: SiteFacts = inject('site');

export const purge = purgeThrough(site.url, site.operatorToken);

const ROUTES = ['dashboard', 'orders', 'profile', 'team_report', 'pages', 'members'];

/** Forgets what people changed, and what the edge has stored of it. */
export async function resetSite(): Promise<void> {
  await fetch(`${site.originUrl}/__origin/reset`, { method: 'POST' });
  await purge(ROUTES.map((name) => `route:${name}`));
}
