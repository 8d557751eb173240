// `fastly_status` of compute-at-edge.witx, as far as these host calls answer with it.
export const OK: u32 = 0;
export const INVALID_ARGUMENT: u32 = 2;
export const BAD_HANDLE: u32 = 3;
export const BUFFER_TOO_SMALL: u32 = 4;
export const NONE: u32 = 10;
