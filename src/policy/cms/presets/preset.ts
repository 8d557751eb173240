import type { CmsInput } from '../cms.ts';
import type { CmsCookieInput } from '../session-cookie.ts';

/** A policy's `cms`, with cookies of one kind: of a preset they are names and patterns alone. */
export type CmsPreset<Cookie extends string | CmsCookieInput = string> = Omit<CmsInput, 'cookies'> & {
  readonly cookies?: readonly Cookie[];
};
