// Requests of the host.

@external("fastly_http_req", "new")
export declare function create(handleOut: usize): u32;
@external("fastly_http_req", "close")
export declare function close(handle: u32): u32;
@external("fastly_http_req", "version_get")
export declare function versionGet(handle: u32, versionOut: usize): u32;
@external("fastly_http_req", "version_set")
export declare function versionSet(handle: u32, version: u32): u32;
@external("fastly_http_req", "header_names_get")
export declare function headerNamesGet(handle: u32, out: usize, outLen: usize, cursor: u32, nextCursorOut: usize, writtenOut: usize): u32;
@external("fastly_http_req", "header_values_get")
export declare function headerValuesGet(handle: u32, name: usize, nameLen: usize, out: usize, outLen: usize, cursor: u32, nextCursorOut: usize, writtenOut: usize): u32;
@external("fastly_http_req", "header_append")
export declare function headerAppend(handle: u32, name: usize, nameLen: usize, value: usize, valueLen: usize): u32;
@external("fastly_http_req", "header_remove")
export declare function headerRemove(handle: u32, name: usize, nameLen: usize): u32;
@external("fastly_http_req", "method_get")
export declare function methodGet(handle: u32, out: usize, outLen: usize, writtenOut: usize): u32;
@external("fastly_http_req", "method_set")
export declare function methodSet(handle: u32, method: usize, methodLen: usize): u32;
@external("fastly_http_req", "uri_get")
export declare function uriGet(handle: u32, out: usize, outLen: usize, writtenOut: usize): u32;
@external("fastly_http_req", "uri_set")
export declare function uriSet(handle: u32, uri: usize, uriLen: usize): u32;
