import * as v from 'valibot';
import { flag, list, object, record, text, whole } from '../settings.ts';
import { type StoresInput, secretStoreOf } from '../stores.ts';
import { DEFAULT_BODY_BYTES } from './delivery.ts';
import {
  compileSignature,
  type HookSignature,
  type HookSignatureInput,
  hookSignature,
} from './hook-signature.ts';
import { compilePurgeRule, type PurgeRule, type PurgeRuleInput, purgeRule } from './purge-rule.ts';

/** A sender that purges by `POST /.edge/purge/hook/<name>`: a CMS, or a back end that sends webhooks. */
export interface PurgeHookInput {
  /** How a delivery proves who has sent it. Presets: `claimcache/hooks`. */
  readonly signature: HookSignatureInput;
  /** Name of the secret in the Secret Store, of at least 16 characters. Default: `hook_<name>`. */
  readonly item?: string;
  /** Default: the store of the policy's other secrets. */
  readonly secretStore?: string;
  /** What is purged: each of 1 to 32 rules gives no key, one, or many. */
  readonly purge: readonly PurgeRuleInput[];
  /** `true`: what is purged may be served stale while it is fetched again. Default `false`. */
  readonly soft?: boolean;
  /** Longest body, in bytes; more is a 413. Default 262144, at most 2 MiB. */
  readonly bodyBytes?: number;
}

/** Senders of webhooks that purge. */
export type PurgeHooksInput = Readonly<Record<string, PurgeHookInput>>;

export interface PurgeHook {
  readonly name: string;
  readonly store: string;
  readonly item: string;
  readonly signature: HookSignature;
  readonly rules: readonly PurgeRule[];
  readonly soft: boolean;
  readonly bodyBytes: number;
}

export const purgeHooks = record(
  object({
    signature: hookSignature,
    item: v.optional(text),
    secretStore: v.optional(text),
    purge: list(purgeRule, "[{ scope: 'user', value: 'data.customer.id' }]", { atLeast: 1, atMost: 32 }),
    soft: v.optional(flag),
    bodyBytes: v.optional(whole(1, 2_097_152, '')),
  }),
);

export function compilePurgeHooks(input: {
  readonly purgeHooks?: PurgeHooksInput;
  readonly stores?: StoresInput;
}): ReadonlyMap<string, PurgeHook> {
  const entries = Object.entries(input.purgeHooks ?? {});
  return new Map(
    entries.map(([name, hook]) => [
      name,
      {
        name,
        store: hook.secretStore ?? secretStoreOf(input.stores),
        item: hook.item ?? `hook_${name}`,
        signature: compileSignature(hook.signature),
        rules: hook.purge.map(compilePurgeRule),
        soft: hook.soft ?? false,
        bodyBytes: hook.bodyBytes ?? DEFAULT_BODY_BYTES,
      },
    ]),
  );
}
