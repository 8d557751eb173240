import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { traceFields } from '../../../src/http/trace-fields.ts';

const PARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const NAMES = ['traceparent', 'tracestate', 'x-request-id'];

function sent(headers: Record<string, string>, names = NAMES) {
  return Object.fromEntries(traceFields(names, new HeaderFields(Object.entries(headers)), 'id-of-the-edge'));
}

describe('traceparent', () => {
  it.each([PARENT, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00', PARENT.replace('00', 'cc')])(
    '%s goes on',
    (value) => {
      expect(sent({ traceparent: value }).traceparent).toBe(value);
    },
  );

  // Those of the test suite of Trace Context, and what would be a way into a page.
  it.each([
    PARENT.toUpperCase(),
    PARENT.replace(/^00/, 'ff'),
    PARENT.replace(/^00/, '0g'),
    `${PARENT}-what-the-future`,
    `${PARENT}.`,
    ` ${PARENT}`,
    `${PARENT}\n`,
    `${PARENT}, ${PARENT}`,
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    '00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01',
    '<script>',
    '',
  ])('%s does not', (value) => {
    expect(sent({ traceparent: value, tracestate: 'a=1' })).toEqual({
      traceparent: null,
      tracestate: null,
      'x-request-id': 'id-of-the-edge',
    });
  });
});

describe('tracestate', () => {
  const state = (value: string) => sent({ traceparent: PARENT, tracestate: value }).tracestate;

  it.each([
    'congo=t61rcWkgMzE',
    'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE',
    'a=1,,b=2, c=3 ',
    'fw529a3039@dt=FfhQSg/1;2:x',
    '0a*/_-=z',
    `${'a'.repeat(256)}=1`,
    Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(','),
  ])('%s goes on', (value) => {
    expect(state(value)).toBe(value);
  });

  it.each([
    '',
    ',',
    'a',
    'a=',
    '=1',
    'A=1',
    'a=1,a=2',
    'a=b=c',
    'a =1',
    'a=\u00e4',
    'a=\t1',
    'tenant@=1',
    '@a=1',
    `a@${'b'.repeat(15)}=1`,
    `${'a'.repeat(257)}=1`,
    `a=${'b'.repeat(257)}`,
    'a=<script>alert(1)</script>',
    'a="b"',
    "a='b'",
    'a=`b`',
    'a=&lt;',
    Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(','),
    `a=${'b'.repeat(250)},c=${'d'.repeat(250)},e=${'f'.repeat(20)}`,
  ])('%s does not', (value) => {
    expect(state(value)).toBeNull();
  });

  it('means nothing without a parent', () => {
    expect(sent({ tracestate: 'a=1' }).tracestate).toBeNull();
  });

  it('brings nothing that ends a word, a string or a tag, whatever a client sends', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        expect(state(`a=1,b=${text}`) ?? '').not.toMatch(/[<>"'`&\p{Cc}\u0080-\uffff]/u);
      }),
    );
  });
});

it('the request id is the edge’s, whatever a client sends', () => {
  expect(sent({ 'x-request-id': 'mine' })['x-request-id']).toBe('id-of-the-edge');
});

it('without forwardHeaders there is nothing', () => {
  expect(sent({ traceparent: PARENT }, [])).toEqual({});
});
