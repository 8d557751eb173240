import type { CmsCookieInput } from '../session-cookie.ts';
import type { CmsPreset } from './preset.ts';

/**
 * Several systems before one site, or one with settings of your own: what is an editor's to one of them is an editor's.
 *
 * @example
 * cms: joinCms(wordpress(), nextDraft(), { paths: ['/editor/**'], query: ['_storyblok*'] })
 */
export function joinCms<const Cookie extends string | CmsCookieInput = string>(
  ...systems: readonly CmsPreset<Cookie | string>[]
): CmsPreset<Cookie | string> {
  const all = <Setting extends 'cookies' | 'paths' | 'query' | 'headers'>(setting: Setting) => {
    const values = systems.flatMap((system) => system[setting] ?? []);
    return values.length === 0 ? {} : { [setting]: [...new Set(values)] };
  };
  const bearer = systems.flatMap((system) => system.bearer ?? []);
  return {
    ...all('cookies'),
    ...all('paths'),
    ...all('query'),
    ...all('headers'),
    // A token that passes for one of them passes.
    ...(bearer.length === 0 ? {} : { bearer: bearer.includes(true) }),
  };
}
