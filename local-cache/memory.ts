// All memory of the adapter: there is no allocator, and nothing is freed. The service's memory ends below. One host call runs at a time, so each
// buffer belongs to the call that runs. PAGES in cli/local-cache/link.ts is what all of it needs.

/** What the host allows for all headers of a message, with room. */
export const RECORD_BYTES: usize = 192 * 1024;
export const TEXT_BYTES: usize = 80 * 1024;

/** Where static data of the adapter ends. */
const BUFFERS: usize = (__heap_base + 15) & ~15;

/** Out-parameters of host calls, 8 bytes each. */
export const OUT: usize = BUFFERS;
/** The name of a header that a host call is asked for. */
export const NAME: usize = OUT + 64;
/** The stored description of a found response: see stored.ts. */
export const FOUND_RECORD: usize = NAME + 64;
/** The description that is written. */
export const NEW_RECORD: usize = FOUND_RECORD + RECORD_BYTES;
/** The names of all headers of a message. */
export const NAMES: usize = NEW_RECORD + RECORD_BYTES;
/** The values of one header. */
export const VALUES: usize = NAMES + TEXT_BYTES;
/** A method, a URI, a key. */
export const TEXT: usize = VALUES + TEXT_BYTES;
/** The handles that are open: see entries.ts. */
export const ENTRIES: usize = TEXT + TEXT_BYTES;
export const ENTRIES_BYTES: usize = 64 * 1024;
