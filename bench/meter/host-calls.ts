/** `RUST_LOG` under which Viceroy tells of each host call, and of nothing else in such number. */
export const TRACE_HOST_CALLS = 'off,viceroy_lib=trace';

const HOST_CALL = /wiggle abi\{module="(?:fastly_)?(\w+)" function="(\w+)"\}: result=/;

/** The host call that a line of Viceroy tells of, such as `http_req.header_values_get`; null: it tells of something else. */
export function hostCallOf(line: string): string | null {
  const found = HOST_CALL.exec(line);
  return found === null ? null : `${found[1]}.${found[2]}`;
}
