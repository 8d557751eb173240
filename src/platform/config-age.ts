/** How old a value of a Config Store may be, in milliseconds: a sandbox that is reused keeps what it has read for so long. */
export const CONFIG_MAX_AGE_MS = 250;
