import type { Report } from './policy-error.ts';
import { list, text } from './settings.ts';

export const hosts = list(text, '["www.example.com"]', { atLeast: 1 });

interface NamingHosts {
  readonly hosts?: readonly string[];
  readonly origins: Readonly<
    Record<string, { readonly hosts?: readonly string[]; readonly hostHeader?: string }>
  >;
}

/** A pattern of hosts would be taken literally, and every request get 421, or another origin. */
export function hostProblems({ hosts = [], origins }: NamingHosts, report: Report): void {
  checkExact('hosts', hosts, report);
  for (const [name, { hosts: ofOrigin = [], hostHeader }] of Object.entries(origins)) {
    checkExact(`origins.${name}.hosts`, ofOrigin, report);
    if (hostHeader?.includes('*')) {
      report('POLICY_PATTERN', `origins.${name}.hostHeader`, hostHeader, 'Name the one host to send.');
    }
  }
}

function checkExact(path: string, hosts: readonly string[], report: Report): void {
  hosts.forEach((host, i) => {
    if (!host.includes('*')) return;
    const fix = 'A host is named exactly: name each one, or leave hosts out to serve any.';
    report('POLICY_PATTERN', `${path}.${i}`, host, fix);
  });
}
