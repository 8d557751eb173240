import type { CmsPreset } from './preset.ts';

export interface NextDraftOptions {
  /** Where draft mode is switched on and off. Default: the names of the documentation's examples. */
  readonly paths?: readonly string[];
}

const PATHS = [
  '/api/draft/**',
  '/api/enable-draft',
  '/api/disable-draft',
  '/api/preview/**',
  '/api/exit-preview',
];

/**
 * Draft mode of Next.js, preview mode of the pages router, and revalidation on demand. The cookies are sent with `/_next/data/…` too, so that the data of a draft passes like its page.
 *
 * Sources: `packages/next/src/server/api-utils/index.ts` (`COOKIE_NAME_PRERENDER_BYPASS`, `COOKIE_NAME_PRERENDER_DATA`),
 * `packages/next/src/lib/constants.ts` (`PRERENDER_REVALIDATE_HEADER`, `PRERENDER_REVALIDATE_ONLY_GENERATED_HEADER`), Next.js documentation,
 * "Draft Mode" and "Preview Mode".
 *
 * @example
 * cms: nextDraft({ paths: ['/api/draft/**'] })
 */
export function nextDraft({ paths = PATHS }: NextDraftOptions = {}): CmsPreset {
  return {
    cookies: ['__prerender_bypass', '__next_preview_data'],
    headers: ['x-prerender-revalidate', 'x-prerender-revalidate-if-generated'],
    paths,
  };
}
