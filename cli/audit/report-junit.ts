import type { AuditReport, Check, TargetReport } from './types.ts';

/**
 * JUnit XML, as CI systems read it: a suite for each target, a case for each promise. What could not be proven counts as skipped, because
 * the format has no word for it; with `strict` it fails.
 */
export function junitXml({ targets, seconds, startedAt }: AuditReport, strict: boolean): string {
  const failed = (check: Check) => check.verdict === 'broken' || (strict && check.verdict === 'unproven');
  const skipped = (check: Check) => check.verdict === 'unproven' && !strict;
  const sum = (list: readonly Check[], is: (check: Check) => boolean) => list.filter(is).length;
  const all = targets.flatMap(({ checks }) => checks);

  const suite = ({ route, path, checks }: TargetReport) => [
    `  <testsuite ${attributes({ name: `${route} ${path}`, tests: checks.length, failures: sum(checks, failed), errors: 0, skipped: sum(checks, skipped), timestamp: startedAt.slice(0, 19) })}>`,
    ...checks.flatMap((check) => testCase(`claimcache.audit.${route}`, check)),
    '  </testsuite>',
  ];
  const testCase = (classname: string, check: Check) => {
    const open = `    <testcase ${attributes({ classname, name: `${check.id}: ${check.statement}` })}`;
    if (failed(check)) {
      const [message = ''] = check.evidence;
      return [
        `${open}>`,
        `      <failure ${attributes({ type: check.verdict, message })}>${escaped(check.evidence.join('\n'))}</failure>`,
        '    </testcase>',
      ];
    }
    if (skipped(check))
      return [
        `${open}>`,
        `      <skipped ${attributes({ message: check.evidence.join('; ') })}/>`,
        '    </testcase>',
      ];
    return [`${open}/>`];
  };
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: 'claimcache audit', tests: all.length, failures: sum(all, failed), errors: 0, skipped: sum(all, skipped), time: seconds })}>`,
    ...targets.flatMap(suite),
    '</testsuites>',
  ].join('\n')}\n`;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** XML 1.0 has no way to write the other control characters, half a surrogate pair, U+FFFE and U+FFFF: they become U+FFFD. */
function escaped(text: string): string {
  return text

    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"'\n\r\t]/g, (char) => ENTITIES[char] ?? char);
}
