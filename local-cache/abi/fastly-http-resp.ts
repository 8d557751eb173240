// Responses of the host.

@external("fastly_http_resp", "new")
export declare function create(handleOut: usize): u32;
@external("fastly_http_resp", "close")
export declare function close(handle: u32): u32;
@external("fastly_http_resp", "version_get")
export declare function versionGet(handle: u32, versionOut: usize): u32;
@external("fastly_http_resp", "version_set")
export declare function versionSet(handle: u32, version: u32): u32;
@external("fastly_http_resp", "header_names_get")
export declare function headerNamesGet(handle: u32, out: usize, outLen: usize, cursor: u32, nextCursorOut: usize, writtenOut: usize): u32;
@external("fastly_http_resp", "header_values_get")
export declare function headerValuesGet(handle: u32, name: usize, nameLen: usize, out: usize, outLen: usize, cursor: u32, nextCursorOut: usize, writtenOut: usize): u32;
@external("fastly_http_resp", "header_append")
export declare function headerAppend(handle: u32, name: usize, nameLen: usize, value: usize, valueLen: usize): u32;
@external("fastly_http_resp", "header_remove")
export declare function headerRemove(handle: u32, name: usize, nameLen: usize): u32;
@external("fastly_http_resp", "status_get")
export declare function statusGet(handle: u32, statusOut: usize): u32;
@external("fastly_http_resp", "status_set")
export declare function statusSet(handle: u32, status: u32): u32;
