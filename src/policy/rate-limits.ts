import * as v from 'valibot';
import { count, isObject, object, oneOf, text } from './settings.ts';

/**
 * What the limits have in common: a window, a block, and where Fastly counts: in a rate counter and a penalty box of the service. A client is
 * its address, of IPv6 the /64. Fastly may miss a tenth; the local server never limits.
 */
interface RateInput {
  /** The window in which requests are counted. Default 60. */
  readonly windowSeconds?: 1 | 10 | 60;
  /** How long a client beyond the limit gets 429. Default: 5 for bad tokens, else 1. */
  readonly blockMinutes?: number;
  /**
   * Name of the rate counter. Defaults, by limit: `claimcache_bad_tokens`, `claimcache_passes`, `claimcache_self_purges`, `claimcache_hooks`.
   */
  readonly rateCounter?: string;
  /** Name of the penalty box. Defaults, likewise: `claimcache_penalty_box`, `claimcache_pass_box`, `claimcache_self_purge_box`, `claimcache_hook_box`. */
  readonly penaltyBox?: string;
}

/** Clients that send too many bad tokens get 429 on routes with `limitBadTokens: true` (Fastly's edge rate limiter). */
export interface BadTokenLimitInput extends RateInput {
  /** Bad tokens of one client within the window. Expired tokens do not count. */
  readonly count: number;
}

/**
 * Clients that pass too often get 429 (Fastly's edge rate limiter). Counted: passes that anybody can ask for. Not counted: a
 * verified identity, an editor whose cookie was validated, and what a switch made to pass.
 */
export interface PassLimitInput extends RateInput {
  /** Passes of one client within the window. */
  readonly count: number;
}

/**
 * How often a signed-in user may purge their own entries by `POST /.edge/purge/me`. A cookie is accepted only from pages of this host or of
 * `cors.origins` with `credentials`, or without `Origin` and `Sec-Fetch-Site`; else 403 (`ERR_CROSS_SITE`).
 */
export interface SelfPurgeInput extends RateInput {
  /** Purges of one identity within the window. Default 10. */
  readonly count?: number;
}

/** How often one client may send to `POST /.edge/purge/hook/<name>`, good signatures and bad ones together. */
export interface HookLimitInput extends RateInput {
  /** Deliveries of one client within the window, at each point of presence. Default 600. */
  readonly count?: number;
}

/** When a client, or an identity, has done too much of something. */
export interface RateRule {
  /** Within the window. */
  readonly count: number;
  readonly windowSeconds: 1 | 10 | 60;
  readonly blockMinutes: number;
  readonly rateCounter: string;
  readonly penaltyBox: string;
}

const window = v.picklist(
  [1, 10, 60],
  'Expected 1, 10 or 60, without quotes: Fastly counts no other windows.',
);
const rate = {
  windowSeconds: v.optional(window),
  blockMinutes: v.optional(count(60)),
  rateCounter: v.optional(text),
  penaltyBox: v.optional(text),
};

export const rateLimit = object({ count: count(100_000), ...rate });
export const hookLimit = object({ count: v.optional(count(100_000)), ...rate });
export const selfPurge = oneOf(
  'Expected false, or { count?, windowSeconds?, blockMinutes?, rateCounter?, penaltyBox? }.',
  [(input) => input === false, v.literal(false)],
  [isObject, object({ count: v.optional(count(1000)), ...rate })],
);

/** The rules of a policy; null where it has none. */
export interface RateRules {
  readonly badTokenLimit: RateRule | null;
  readonly passLimit: RateRule | null;
  /** How often an identity may purge its own entries. */
  readonly selfPurge: RateRule | null;
  /** How often a client may send to a hook. */
  readonly hookLimit: RateRule;
}

export function compileRates(input: {
  readonly badTokenLimit?: BadTokenLimitInput;
  readonly passLimit?: PassLimitInput;
  readonly selfPurge?: false | SelfPurgeInput;
  readonly hookLimit?: HookLimitInput;
}): RateRules {
  const { selfPurge = {} } = input;
  return {
    badTokenLimit: compileOptional(input.badTokenLimit, {
      blockMinutes: 5,
      rateCounter: 'claimcache_bad_tokens',
      penaltyBox: 'claimcache_penalty_box',
    }),
    passLimit: compileOptional(input.passLimit, {
      blockMinutes: 1,
      rateCounter: 'claimcache_passes',
      penaltyBox: 'claimcache_pass_box',
    }),
    selfPurge: compileOptional(selfPurge === false ? undefined : { count: 10, ...selfPurge }, {
      blockMinutes: 1,
      rateCounter: 'claimcache_self_purges',
      penaltyBox: 'claimcache_self_purge_box',
    }),
    hookLimit: compileRate(
      { count: 600, ...input.hookLimit },
      { blockMinutes: 1, rateCounter: 'claimcache_hooks', penaltyBox: 'claimcache_hook_box' },
    ),
  };
}

/** A limit of clients, with the defaults of its kind. */
export function compileRate(
  input: BadTokenLimitInput,
  defaults: Pick<RateRule, 'blockMinutes' | 'rateCounter' | 'penaltyBox'>,
): RateRule {
  return { ...defaults, windowSeconds: 60, ...input };
}

function compileOptional(
  input: BadTokenLimitInput | undefined,
  defaults: Parameters<typeof compileRate>[1],
): RateRule | null {
  return input === undefined ? null : compileRate(input, defaults);
}
