/** The people of the second site. Their back end knows them by a session, and has no tokens. */
export interface Member {
  readonly name: string;
  readonly sub: string;
  /** Stands on the page of this member and on no other. */
  readonly booking: string;
}

export const MEMBERS: readonly Member[] = [
  { name: 'dora', sub: '501', booking: 'Tuesday, 18:00, court 1' },
  { name: 'emil', sub: '502', booking: 'Friday, 20:00, court 4' },
];

export function memberNamed(name: unknown): Member | undefined {
  return MEMBERS.find((member) => member.name === name);
}

export function memberOf(sub: string): Member | undefined {
  return MEMBERS.find((member) => member.sub === sub);
}
