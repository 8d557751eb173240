import { describe, expect, it } from 'vitest';
import { forwardedValues } from '../../../src/cache/forwarded-echo.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { holdsOne } from '../../../src/http/holds-one.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENT = new HeaderFields([
  ['traceparent', `00-${TRACE}-00f067aa0ba902b7-01`],
  ['tracestate', 'congo=t61rcWkgMzE, rojo=1'],
  ['x-request-id', '7b1c2d3e-0000-4000-8000-000000000000'],
]);
const values = forwardedValues(SENT, ['traceparent', 'tracestate', 'x-request-id']);
const holds = (fields: Record<string, string>) => holdsOne(Object.entries(fields), values);

describe('a response that echoes what was forwarded', () => {
  it.each<[string, Record<string, string>]>([
    ['the trace under a server’s own span', { traceresponse: `00-${TRACE}-b7ad6b7169203331-01` }],
    ['in a metric', { 'server-timing': `traceparent;desc="00-${TRACE}-b7ad6b7169203331-01"` }],
    ['a vendor’s state behind another', { tracestate: 'own=1,congo=t61rcWkgMzE' }],
    ['the request id', { 'x-request-id': '7b1c2d3e-0000-4000-8000-000000000000' }],
    ['in a cookie', { 'set-cookie': `trace=${TRACE}` }],
    ['in a link', { location: `/next?trace=${TRACE}` }],
    ['under any name', { 'x-b3': TRACE }],
  ])('%s', (_, fields) => {
    expect(holds(fields)).toBe(true);
  });

  it('another trace, and what a client could name to keep a page out of the cache, is none', () => {
    const chosen = forwardedValues(
      new HeaderFields([
        ['traceparent', `00-${TRACE}-00f067aa0ba902b7-01`],
        ['tracestate', 'max-age=60,ma=86400'],
      ]),
      ['traceparent', 'tracestate'],
    );
    const page = {
      etag: `"${TRACE}"`,
      'cache-control': 'max-age=60',
      'alt-svc': 'h3=":443"; ma=86400',
      'strict-transport-security': 'max-age=60',
      'x-request-id': 'another',
    };
    expect(holdsOne(Object.entries(page), chosen)).toBe(false);
  });

  it('of fields that are not forwarded nothing is looked for', () => {
    expect(forwardedValues(SENT, [])).toEqual([]);
    expect(forwardedValues(SENT, ['x-request-id'])).toEqual(['7b1c2d3e-0000-4000-8000-000000000000']);
  });
});
