/** The cause, for the log, where a body has fewer bytes than were announced, or reads as cut off. */
export const ENDED_EARLY = 'the origin ended the body early';
