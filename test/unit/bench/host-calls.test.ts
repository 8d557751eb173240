import { describe, expect, it } from 'vitest';
import { createCounter } from '../../../bench/meter/host-calls.ts';

const line = (id: number, room: string, name: string, rest: string) =>
  `2026-11-24T00:00:00.000000Z TRACE request{id=${id}}:wiggle abi{module="${room}" function="${name}"}: ${rest}`;
const call = (id: number, room: string, name: string) => [
  line(id, room, name, 'h=RequestHandle(1)'),
  line(id, room, name, 'result=Ok(())'),
];
const tell = (id: number, count: number) => [
  line(id, 'fastly_log', 'write', `h=EndpointHandle(${count}) msg=*guest 0x0/0`),
  line(id, 'fastly_log', 'write', 'result=Err(HandleError(InvalidEndpointHandle(EndpointHandle(1))))'),
];
const countsOf = (lines: readonly string[]) => {
  const { read, counts } = createCounter();
  for (const text of lines) read(text);
  return counts;
};

describe('the trace of a metered service', () => {
  it('gives instructions and host calls from one request to the next, without the meter’s own', () => {
    const counts = countsOf([
      ...call(0, 'fastly_http_req', 'method_get'),
      ...tell(0, 100),
      ...call(0, 'fastly_http_downstream', 'next_request'),
      ...call(0, 'fastly_http_req', 'method_get'),
      line(0, 'fastly_log', 'write', 'h=EndpointHandle(0) msg=*guest 0x2ee4a0/421'),
      'claimcache :: {"v":1}',
      line(0, 'fastly_log', 'write', 'result=Ok(421)'),
      ...tell(0, 2100),
    ]);
    expect(counts).toEqual([
      { instructions: 100, hostCalls: 1, isFirst: true },
      { instructions: 2000, hostCalls: 3, isFirst: false },
    ]);
  });

  it('keeps two sandboxes apart', () => {
    const counts = countsOf([
      ...tell(0, 5000),
      ...tell(7, 100),
      ...call(0, 'fastly_http_req', 'method_get'),
      ...tell(7, 150),
      ...tell(0, 5600),
    ]);
    expect(counts).toEqual([
      { instructions: 5000, hostCalls: 0, isFirst: true },
      { instructions: 100, hostCalls: 0, isFirst: true },
      { instructions: 50, hostCalls: 0, isFirst: false },
      { instructions: 600, hostCalls: 1, isFirst: false },
    ]);
  });

  it('goes on where the 32 bits of the count are full', () => {
    expect(countsOf([...tell(0, 2 ** 32 - 10), ...tell(0, 5)])[1]).toMatchObject({ instructions: 15 });
  });
});
