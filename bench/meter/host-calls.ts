/** `RUST_LOG` under which Viceroy tells of each host call, and of nothing else in such number. */
export const TRACE_HOST_CALLS = 'off,viceroy_lib=trace';

/** The span names the request that the sandbox began with: it tells sandboxes apart. */
const RETURNED = /request\{id=(\d+)\}:wiggle abi\{module="\w+" function="\w+"\}: result=/;
const TOLD =
  /request\{id=(\d+)\}:wiggle abi\{module="fastly_log" function="write"\}: h=EndpointHandle\((\d+)\) msg=\*guest 0x0\/0/;

/** What a metered service has done for one request, and until it asked for the next one. */
export interface Count {
  readonly instructions: number;
  readonly hostCalls: number;
  /** Of its sandbox: the start of that counts too, and no garbage is collected before it. */
  readonly isFirst: boolean;
}

interface Sandbox {
  /** The lower 32 bits of all instructions, when it was last told. */
  told: number | null;
  /** Since then. */
  hostCalls: number;
}

/**
 * Reads what Viceroy prints under TRACE_HOST_CALLS, line by line. `counts` gets an item whenever a metered service is done
 * with a request.
 */
export function createCounter(): { read(line: string): void; readonly counts: readonly Count[] } {
  const counts: Count[] = [];
  const sandboxes = new Map<string, Sandbox>();
  const sandboxOf = (id: string): Sandbox => {
    const known = sandboxes.get(id) ?? { told: null, hostCalls: 0 };
    sandboxes.set(id, known);
    return known;
  };
  return {
    counts,
    read(line) {
      const returned = RETURNED.exec(line);
      if (returned !== null) sandboxOf(returned[1] ?? '').hostCalls += 1;
      const told = TOLD.exec(line);
      if (told === null) return;
      const sandbox = sandboxOf(told[1] ?? '');
      const count = Number(told[2]);
      const { hostCalls } = sandbox;
      const before = sandbox.told ?? 0;
      const isFirst = sandbox.told === null;
      counts.push({ instructions: (count - before + 2 ** 32) % 2 ** 32, hostCalls, isFirst });
      sandbox.told = count;
      // The meter's own call returns next.
      sandbox.hostCalls = -1;
    },
  };
}
