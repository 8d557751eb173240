import type { CmsPreset } from './preset.ts';

/**
 * Contentful before a Next.js site: the preview links of its Vercel app, which switch on draft mode.
 *
 * Sources: `contentful/vercel-nextjs-toolkit` (`/api/enable-draft?path=…&x-contentful-preview-secret=…`, `x-vercel-protection-bypass`), Vercel
 * documentation, "Protection Bypass for Automation" (the same as a header, `x-vercel-set-bypass-cookie`), and the cookies of
 * draft mode: see `nextDraft`.
 *
 * @example
 * cms: contentful()
 */
export function contentful(): CmsPreset {
  return {
    cookies: ['__prerender_bypass', '__next_preview_data'],
    query: ['x-contentful-preview-secret', 'x-vercel-protection-bypass', 'x-vercel-set-bypass-cookie'],
    headers: ['x-vercel-protection-bypass', 'x-vercel-set-bypass-cookie'],
    paths: ['/api/enable-draft', '/api/disable-draft'],
  };
}
