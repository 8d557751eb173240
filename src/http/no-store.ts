/** `Cache-Control` of what no cache may keep: `private` and `max-age=0` are for those that do not know `no-store` (RFC 9111 section 5.2.2). */
export const NO_STORE = 'private, no-store, max-age=0';
