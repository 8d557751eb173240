// Bodies of the host.

@external("fastly_http_body", "new")
export declare function create(handleOut: usize): u32;
@external("fastly_http_body", "close")
export declare function close(handle: u32): u32;
@external("fastly_http_body", "abandon")
export declare function abandon(handle: u32): u32;
