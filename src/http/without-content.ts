/** Statuses of a response that has no content, whatever its headers say of a length (RFC 9110 sections 6.4.1 and 15.3.6). */
export const WITHOUT_CONTENT: ReadonlySet<number> = new Set([204, 205, 304]);
