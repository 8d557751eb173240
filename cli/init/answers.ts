import type { Facts, ProviderName } from './provider-presets.ts';

/** Where an application runs mostly, while it is being written. */
export const DEFAULT_ORIGIN = 'http://localhost:3000';
export const DEFAULT_PERSONAL = '/api/me';

/** What a service is made of. */
export interface Answers {
  readonly origin: string;
  readonly provider: ProviderName;
  readonly facts: Facts;
  /** Path patterns whose answers belong to one person. */
  readonly personal: readonly string[];
  /** Of which the members of a group see the same. */
  readonly shared: readonly string[];
  /** That names the group: `org_id`. */
  readonly sharedClaim: string | null;
  /** Of which everybody sees the same. */
  readonly public: readonly string[];
  /** Of editors: never from the cache. */
  readonly editors: readonly string[];
  readonly never: readonly string[];
}

/** `/a, /b/**` as a list. */
export function pathList(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .filter((path) => path !== '')
    .map((path) => (path.startsWith('/') ? path : `/${path}`));
}
