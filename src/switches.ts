import type { LaneSwitch, Switches } from './types/decision.ts';
import type { Platform } from './types/platform.ts';
import type { Policy } from './types/policy.ts';

/**
 * The switches of the service's Config Store, read per request; an item that is missing or unknown is as if it
 * were not there. docs/operations.md lists them.
 */
export function readSwitches(platform: Pick<Platform, 'config'>, policy: Policy): Switches {
  const item = platform.config(policy.stores.config);
  const word = (name: string) => wordOf(item(name));
  const engine = word('cache_engine');
  const https = word('https');
  return {
    allPass: word('cache') === 'pass',
    route: (name) => laneSwitch(word(`route.${name}`)),
    lane: (name) => laneSwitch(word(`lane.${name}`)),
    keyVersion: item('key_version') ?? '',
    https: https === 'redirect' || https === 'require' || https === 'off' ? https : null,
    engine: engine === 'native' || engine === 'core' ? engine : 'auto',
  };
}

/** `echo pass | fastly … --stdin` ends with a line break, and who writes PASS in haste means it. */
function wordOf(value: string | null): string | null {
  return value === null ? null : value.trim().toLowerCase();
}

function laneSwitch(value: string | null): LaneSwitch {
  return value === 'pass' || value === 'observe' ? value : 'on';
}
