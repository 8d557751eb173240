// Purges of the host.

@external("fastly_purge", "purge_surrogate_key")
export declare function purgeSurrogateKey(key: usize, keyLen: usize, mask: u32, options: usize): u32;
