import { describe, expect, it } from 'vitest';
import { between, createCounter } from '../../../bench/meter/host-calls.ts';

const line = (room: string, name: string, rest: string) =>
  `2026-11-24T00:00:00.000000Z TRACE request{id=0}:wiggle abi{module="${room}" function="${name}"}: ${rest}`;
const call = (room: string, name: string) => [
  line(room, name, 'h=RequestHandle(1)'),
  line(room, name, 'result=Ok(())'),
];
const tell = (count: number) => [
  line('fastly_log', 'write', `h=EndpointHandle(${count}) msg=*guest 0x0/0`),
  line('fastly_log', 'write', 'result=Err(HandleError(InvalidEndpointHandle(EndpointHandle(1))))'),
];

describe('the trace of a metered service', () => {
  it('gives instructions and host calls from one request to the next, without the meter’s own', () => {
    const { read, counts } = createCounter();
    const lines = [
      ...tell(100),
      ...call('fastly_http_downstream', 'next_request'),
      ...call('fastly_http_req', 'method_get'),
      line('fastly_log', 'write', 'h=EndpointHandle(0) msg=*guest 0x2ee4a0/421'),
      'claimcache :: {"v":1}',
      line('fastly_log', 'write', 'result=Ok(421)'),
      ...tell(2100),
    ];
    for (const text of lines) read(text);
    expect(counts).toHaveLength(2);
    expect(between(counts[0], counts[1])).toEqual({ instructions: 2000, hostCalls: 3 });
  });

  it('begins anew with a new sandbox, which has counted from 0', () => {
    expect(between({ instructions: 90_000, hostCalls: 7 }, { instructions: 500, hostCalls: 9 })).toEqual({
      instructions: 500,
      hostCalls: 2,
    });
  });
});
