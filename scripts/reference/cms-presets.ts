import {
  type CmsPreset,
  contentful,
  drupal,
  nextDraft,
  payload,
  strapi,
  wordpress,
} from '../../src/policy/cms/presets/index.ts';
import { tableOf } from './documented.ts';

const PRESETS: Readonly<Record<string, CmsPreset>> = {
  'wordpress()': wordpress(),
  'wordpress({ shop: true })': wordpress({ shop: true }),
  'drupal()': drupal(),
  'nextDraft()': nextDraft(),
  'strapi()': strapi(),
  'payload()': payload(),
  'contentful()': contentful(),
};

/** The names by which the presets of `claimcache/cms` know an editor: the page `reference/cms-presets.md`. */
export function cmsPresetsPage(): string {
  return [
    '# CMS presets',
    'What each preset of [`claimcache/cms`](api.md) sets: [Editors and previews](../how-to/editors-and-previews.md). Made from the code by `npm run docs:reference`.',
    tableOf(
      ['preset', 'cookies', 'query', 'headers', 'paths'],
      Object.entries(PRESETS).map(([name, preset]) => [name, ...cellsOf(preset)] as const),
    ),
    '',
  ].join('\n\n');
}

const cellsOf = ({ cookies = [], query = [], headers = [], paths = [] }: CmsPreset) =>
  [cookies, query, headers, paths].map((names) => names.map((name) => `\`${name}\``).join(', '));
