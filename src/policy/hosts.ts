import type { Report } from './policy-error.ts';
import type { PolicyInput } from './routes/route.ts';

const MEND = 'A host is named exactly: name each one, or leave hosts out to serve any.';

/** A pattern of hosts would be taken literally, and every request get 421, or another origin. */
export function hostProblems({ hosts = [], origins }: PolicyInput, report: Report): void {
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
    if (host.includes('*')) report('POLICY_PATTERN', `${path}.${i}`, host, MEND);
  });
}
