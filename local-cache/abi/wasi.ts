// The environment, the clock and the error output: WASI.

@external("wasi_snapshot_preview1", "environ_sizes_get")
export declare function environSizesGet(countOut: usize, sizeOut: usize): u32;
@external("wasi_snapshot_preview1", "environ_get")
export declare function environGet(pointersOut: usize, textOut: usize): u32;
@external("wasi_snapshot_preview1", "clock_time_get")
export declare function clockTimeGet(clock: u32, precision: u64, nsOut: usize): u32;
@external("wasi_snapshot_preview1", "fd_write")
export declare function fdWrite(fd: u32, vectors: usize, vectorsLen: usize, writtenOut: usize): u32;
