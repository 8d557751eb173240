import type { CmsPreset } from './preset.ts';

export interface PayloadOptions {
  /** `cookiePrefix` of the Payload configuration. Default `payload`. */
  readonly cookiePrefix?: string;
}

/**
 * Payload: who is signed in, drafts by the REST API, the administration, and the preview routes of its website template, which switch on
 * draft mode of Next.js: join it with `nextDraft()`.
 *
 * Sources: Payload documentation, "Authentication: Cookies" and "Configuration" (`cookiePrefix`: `payload-token`), "Versions: Drafts" (`draft=true`),
 * `templates/website/src/app/(frontend)/next`.
 *
 * @example
 * cms: joinCms(payload(), nextDraft())
 */
export function payload({ cookiePrefix = 'payload' }: PayloadOptions = {}): CmsPreset {
  return {
    cookies: [`${cookiePrefix}-token`],
    query: ['draft'],
    paths: ['/admin/**', '/next/preview', '/next/exit-preview'],
  };
}
