/**
 * Content management systems, each a plain function that returns a policy's `cms`: by what a request is an editor's, or a preview.
 * `import { wordpress } from 'claimcache/cms'`. All of it can be sent by anybody, and only takes caching away: bound it by `passLimit`.
 */
export { contentful } from './contentful.ts';
export { drupal } from './drupal.ts';
export { joinCms } from './join-cms.ts';
export { type NextDraftOptions, nextDraft } from './next-draft.ts';
export { type PayloadOptions, payload } from './payload.ts';
export type { CmsPreset } from './preset.ts';
export { strapi } from './strapi.ts';
export { type WordpressOptions, wordpress } from './wordpress.ts';
