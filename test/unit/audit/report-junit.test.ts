import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { junitXml } from '../../../cli/audit/report-junit.ts';
import type { AuditReport, Check } from '../../../cli/audit/types.ts';

function reportOf(checks: Check[]): AuditReport {
  return {
    version: 1,
    ok: false,
    url: 'http://127.0.0.1',
    policy: 'src/policy.ts',
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 1.5,
    requests: 3,
    counts: { kept: 0, broken: 0, unproven: 0 },
    targets: [
      { route: 'orders', path: '/api/orders?a=1&b=2', kind: 'scoped', scope: 'user', rows: [], checks },
    ],
    unaudited: [],
    remarks: [],
  };
}

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  text: string;
}

function parsed(xml: string): Element[] {
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) =>
    elements.push({ name, attributes: attributes as Record<string, string>, text: '' }),
  );
  parser.on('text', (text) => {
    const last = elements.at(-1);
    if (last !== undefined && text.trim() !== '') last.text += text;
  });
  parser.write(xml).close();
  return elements;
}

const check = (verdict: Check['verdict'], evidence: string[] = ['why']): Check => ({
  id: 'isolation',
  statement: 'bob gets nothing of alice',
  verdict,
  evidence,
});

test('a broken promise is a failure, one that is not proven is skipped, and with strict a failure too', () => {
  const report = reportOf([check('kept'), check('broken'), check('unproven')]);
  const names = (strict: boolean) => parsed(junitXml(report, strict)).map(({ name }) => name);
  expect(names(false)).toEqual([
    'testsuites',
    'testsuite',
    'testcase',
    'testcase',
    'failure',
    'testcase',
    'skipped',
  ]);
  expect(names(true)).toEqual([
    'testsuites',
    'testsuite',
    'testcase',
    'testcase',
    'failure',
    'testcase',
    'failure',
  ]);
});

test('whatever stands in the evidence, it is XML, and says the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (evidence) => {
      const failure = parsed(junitXml(reportOf([check('broken', evidence)]), false)).find(
        ({ name }) => name === 'failure',
      );
      const allowed = evidence[0]?.replace(
        /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu,
        '\ufffd',
      );
      expect(failure?.attributes.message).toBe(allowed);
    }),
  );
  const failure = parsed(junitXml(reportOf([check('broken', ['<b>"&\'</b>]]>', '\ud800\u0001'])]), false)).at(
    -1,
  );
  expect(failure?.text).toBe('<b>"&\'</b>]]>\n\ufffd\ufffd');
});
