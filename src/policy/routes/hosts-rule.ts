import { coversHost } from '../../http/host-pattern.ts';
import type { Report } from '../policy-error.ts';
import { list, text } from '../settings.ts';

/** Hosts by name, or `*.example.com` for every name below it. */
export const routeHosts = list(text, '["shop.example.com", "*.example.com"]', { atLeast: 1, atMost: 100 });

const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;

/** What is wrong with the hosts of a route. `served`: those of the policy; empty: any. */
export function routeHostProblems(
  at: string,
  hosts: readonly string[] = [],
  served: readonly string[] = [],
  report: Report,
): void {
  const known = served.map((host) => host.toLowerCase());
  hosts.forEach((written, i) => {
    const host = written.toLowerCase();
    if (!HOST.test(host) || host.includes('..')) {
      const fix =
        'Expected a host by its name alone, without scheme, port and a dot at its end, such as "shop.example.com" or "*.example.com".';
      report('POLICY_PATTERN', `${at}.${i}`, written, fix);
    } else if (hosts.findIndex((other) => other.toLowerCase() === host) < i) {
      report('POLICY_CONFLICT', `${at}.${i}`, written, 'Name each host once.');
    } else if (known.length > 0 && !known.some((name) => coversHost(host, name))) {
      const fix = 'The policy serves no such host: add it to hosts of the policy, or remove it here.';
      report('POLICY_UNREACHABLE', `${at}.${i}`, written, fix);
    }
  });
}

export function compileRouteHosts(hosts: readonly string[] = []): readonly string[] {
  return [...new Set(hosts.map((host) => host.toLowerCase()))];
}
