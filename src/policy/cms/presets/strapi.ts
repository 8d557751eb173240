import type { CmsPreset } from './preset.ts';

/**
 * Strapi 4 and 5: drafts by the content API, live preview, and the administration. A name counts whatever its value: `status=published` passes like
 * `status=draft`.
 *
 * Sources: Strapi documentation, "REST API: status" (`status`) and "publicationState is removed" (`publicationState` of Strapi 4), the live preview
 * (`strapi-encode-source-maps`), `packages/core/admin/server/src/controllers/authentication.ts` (`strapi_admin_refresh`),
 * `packages/core/admin/admin/src/reducer.ts` (`jwtToken`). The API tokens are `Authorization: Bearer`, which passes in any case.
 *
 * @example
 * cms: strapi()
 */
export function strapi(): CmsPreset {
  return {
    cookies: ['strapi_admin_refresh', 'jwtToken'],
    query: ['status', 'publicationState'],
    headers: ['strapi-encode-source-maps'],
    paths: ['/admin/**', '/content-manager/**', '/content-type-builder/**', '/upload/**'],
  };
}
