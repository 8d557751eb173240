import type { DraftRoute } from './draft.ts';

/** Whether the compiler beside this command knows the policy's setting `fallback`. */
export const HAS_FALLBACK: boolean = false;

/**
 * What the paths get whose answers may depend on cookies that nobody named. With the setting `fallback: 'auto'` a request without such a
 * cookie is public and every other one passes; without the setting all of them pass, by a route.
 */
export function undecidedPaths(extra: Partial<DraftRoute> = {}): {
  readonly setting: { readonly fallback?: 'auto' };
  readonly route: DraftRoute | null;
} {
  if (HAS_FALLBACK) return { setting: { fallback: 'auto' }, route: null };
  return { setting: {}, route: { path: '/**', lane: 'pass', ...extra } };
}
