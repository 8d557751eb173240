import type { Route } from '../../src/policy/routes/route.ts';

/** Hosts of which a route is, one for each that it names; '' for one of all hosts. */
export function sampleHosts({ hosts }: Pick<Route, 'hosts'>): readonly string[] {
  return hosts.length === 0 ? [''] : hosts.map((host) => host.replace(/^\*/, 'sample'));
}
