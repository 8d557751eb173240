/** The people of the test site. Three users in two tenants are enough to see every kind of leak. */
export interface Person {
  readonly name: string;
  readonly sub: string;
  readonly tenant: { readonly id: string };
  readonly role: string;
}

export const PEOPLE: readonly Person[] = [
  { name: 'alice', sub: '42', tenant: { id: 'acme' }, role: 'member' },
  { name: 'bob', sub: '43', tenant: { id: 'acme' }, role: 'member' },
  { name: 'carol', sub: '77', tenant: { id: 'globex' }, role: 'member' },
];

export function personNamed(name: unknown): Person | undefined {
  return PEOPLE.find((person) => person.name === name);
}

export function personOf(sub: string): Person | undefined {
  return PEOPLE.find((person) => person.sub === sub);
}

/** A word that stands in every page of one person and in no other: found elsewhere, it is a leak. */
export function canaryOf(person: Person): string {
  return `canary-${person.name}-${person.sub}`;
}
