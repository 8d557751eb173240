import type { LaneSwitch, Platform, Policy, Switches } from './types.ts';

/**
 * The switches of the service's Config Store, read per request; an item that is missing or unknown is as if it
 * were not there. docs/operations.md lists them.
 */
export function readSwitches(platform: Pick<Platform, 'config'>, policy: Policy): Switches {
  const item = platform.config(policy.stores.config);
  const engine = item('cache_engine');
  const https = item('https');
  return {
    allPass: item('cache') === 'pass',
    route: (name) => laneSwitch(item(`route.${name}`)),
    lane: (name) => laneSwitch(item(`lane.${name}`)),
    keyVersion: item('key_version') ?? '',
    https: https === 'redirect' || https === 'require' || https === 'off' ? https : null,
    engine: engine === 'native' || engine === 'core' ? engine : 'auto',
  };
}

function laneSwitch(value: string | null): LaneSwitch {
  return value === 'pass' || value === 'observe' ? value : 'on';
}
