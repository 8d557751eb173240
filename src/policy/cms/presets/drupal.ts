import type { CmsPreset } from './preset.ts';

/**
 * Drupal: whoever has a session, previews of nodes, revisions by JSON:API, and the pages of administration.
 *
 * Sources: `SessionConfiguration::getName` of core (`SESS` or, with TLS, `SSESS`, and 32 hexadecimal digits), `node.routing.yml`
 * (`/node/preview/{node_preview}/{view_mode_id}`, `/node/add`, `/node/{node}/edit`), JSON:API, "Revisions" (`resourceVersion`). A visitor without
 * a session has no such cookie: core starts one only where something is kept in it.
 *
 * @example
 * cms: drupal()
 */
export function drupal(): CmsPreset {
  return {
    cookies: ['SESS*', 'SSESS*'],
    query: ['resourceVersion'],
    paths: ['/admin/**', '/user/**', '/node/add/**', '/node/preview/**', '/node/:id/edit'],
  };
}
