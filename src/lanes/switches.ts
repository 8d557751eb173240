import type { Platform } from '../platform/platform.ts';
import type { HttpsMode } from '../policy/https-rule.ts';
import type { Policy } from '../policy/policy.ts';

/** `observe`: decide, log, and serve as if there were no cache. `unreadable`: what it was set to could not be asked. */
export type LaneSwitch = 'on' | 'pass' | 'observe' | 'unreadable';

/** The items of the Config Store, with their values. */
interface SwitchItems {
  /** Nothing is stored, or served from the cache. Tokens are still verified. */
  cache: 'pass';
  /** The same for one route; `route.default`: paths without a route. `observe`: logs what the edge would do (`observed`), serves without the cache, and rejects nobody, unless `forwardCredential` is `false`. */
  'route.<name>': 'pass' | 'observe';
  /** The same for the scoped lane. */
  'lane.scoped': 'pass' | 'observe';
  /** The same for the public lane. */
  'lane.public': 'pass' | 'observe';
  /** Part of every key: a new value empties the whole cache at once. */
  key_version: string;
  /** Overrides `https` of the policy. */
  https: 'redirect' | 'require' | 'off';
  /** Which cache is used. `auto`: readthrough if the service has it, else core. `native` is an older name of `readthrough`. Routes that are cached by a body always use core: docs/how-to/request-bodies.md, docs/how-to/graphql.md */
  cache_engine: 'auto' | 'readthrough' | 'core';
}

/** Runtime switches, from the Config Store. */
export interface Switches {
  /** `cache = pass`: everything passes. So it does where the switches cannot be read: a switch that was set must not come undone. */
  readonly all: Exclude<LaneSwitch, 'observe'>;
  /** `route.<name> = pass | observe`. */
  readonly route: (name: string) => LaneSwitch;
  /** `lane.scoped = pass | observe`, `lane.public` likewise. */
  readonly lane: (name: 'public' | 'scoped') => LaneSwitch;
  /** `key_version`: a new value empties everything at once. */
  readonly keyVersion: string;
  readonly engine: 'auto' | 'readthrough' | 'core';
  /** `https = redirect | require | off`; null: as the policy says. */
  readonly https: HttpsMode | null;
}

/**
 * The switches of the service's Config Store, as they were at most `CONFIG_MAX_AGE_MS` ago; an item that is missing or unknown is as if it
 * were not there. What cannot be read makes everything pass that it could have held back. docs/how-to/operations.md lists them.
 */
export function readSwitches(platform: Pick<Platform, 'config'>, policy: Policy): Switches {
  const read = platform.config(policy.stores.config);
  /** undefined: it cannot be read. */
  const item = (
    name: Exclude<keyof SwitchItems, 'route.<name>'> | `route.${string}`,
  ): string | null | undefined => {
    try {
      return read(name);
    } catch {
      return undefined;
    }
  };
  const cache = item('cache');
  const keyVersion = item('key_version');
  const https = wordOf(item('https'));
  const readable = cache !== undefined && keyVersion !== undefined;
  const held = wordOf(cache) === 'pass' ? 'pass' : 'on';
  return {
    all: readable ? held : 'unreadable',
    route: (name) => laneSwitch(item(`route.${name}`)),
    lane: (name) => laneSwitch(item(`lane.${name}`)),
    keyVersion: keyVersion ?? '',
    https: https === 'redirect' || https === 'require' || https === 'off' ? https : null,
    engine: engineOf(wordOf(item('cache_engine'))),
  };
}

/** `echo pass | fastly … --stdin` ends with a line break, and who writes PASS in haste means it. */
function wordOf(value: string | null | undefined): string | null {
  return value?.trim().toLowerCase() ?? null;
}

/** `native`: the name of this engine in releases before. */
function engineOf(word: string | null): Switches['engine'] {
  if (word === 'native') return 'readthrough';
  return word === 'readthrough' || word === 'core' ? word : 'auto';
}

function laneSwitch(value: string | null | undefined): LaneSwitch {
  if (value === undefined) return 'unreadable';
  const word = wordOf(value);
  return word === 'pass' || word === 'observe' ? word : 'on';
}
