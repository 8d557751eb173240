import * as v from 'valibot';
import { object, text } from './settings.ts';

/** Names of the stores in fastly.toml. */
export interface StoresInput {
  /** The Config Store. Default `claimcache_config`. */
  readonly config?: string;
  /** The Secret Store. Default `claimcache_secrets`. */
  readonly secrets?: string;
}

export interface Stores {
  readonly config: string;
  readonly secrets: string;
}

export const stores = object({ config: v.optional(text), secrets: v.optional(text) });

export function compileStores(input: StoresInput = {}): Stores {
  return { config: input.config ?? 'claimcache_config', secrets: secretStoreOf(input) };
}

/** Where a secret is that names no store of its own. */
export function secretStoreOf(input: StoresInput | undefined): string {
  return input?.secrets ?? 'claimcache_secrets';
}
