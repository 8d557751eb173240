/** `RUST_LOG` under which Viceroy tells of each host call, and of nothing else in such number. */
export const TRACE_HOST_CALLS = 'off,viceroy_lib=trace';

const RETURNED = /wiggle abi\{module="\w+" function="\w+"\}: result=/;
const TOLD =
  /wiggle abi\{module="fastly_log" function="write"\}: h=EndpointHandle\((\d+)\) msg=\*guest 0x0\/0/;

/** What a metered service has done so far. */
export interface Count {
  /** Of its sandbox; the lower 32 bits, which six requests do not fill. */
  readonly instructions: number;
  readonly hostCalls: number;
}

/**
 * Reads what Viceroy prints under TRACE_HOST_CALLS, line by line: a count for each time that a metered service was done
 * with a request.
 */
export function createCounter(): { read(line: string): void; readonly counts: readonly Count[] } {
  const counts: Count[] = [];
  let hostCalls = 0;
  return {
    counts,
    read(line) {
      if (RETURNED.test(line)) hostCalls += 1;
      const told = TOLD.exec(line)?.[1];
      if (told === undefined) return;
      counts.push({ instructions: Number(told), hostCalls });
      // The meter's own call returns next.
      hostCalls -= 1;
    },
  };
}

/** From one count to the next. A lower one is the first of a new sandbox, which counts from 0. */
export function between(earlier: Count | undefined, later: Count | undefined): Count {
  if (earlier === undefined || later === undefined) throw new Error('a count is missing');
  return {
    instructions:
      later.instructions < earlier.instructions
        ? later.instructions
        : later.instructions - earlier.instructions,
    hostCalls: later.hostCalls - earlier.hostCalls,
  };
}
