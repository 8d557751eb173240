/** Of a secret that somebody types or makes up, in characters. A shorter one could be guessed: it counts as none. */
export const MIN_SECRET_LENGTH = 16;
