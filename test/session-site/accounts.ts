export interface Account {
  readonly sub: string;
  readonly team: string;
  role: 'member' | 'admin';
  /** Alice and Bob hold the same. */
  readonly roles: readonly string[];
  /** Nobody else's page has it. */
  readonly canary: string;
}

export const NAMES = ['alice', 'bob', 'carol', 'dave'] as const;
export type Name = (typeof NAMES)[number];

const ROLES: Readonly<Record<Name, readonly string[]>> = {
  alice: ['editor', 'admin'],
  bob: ['admin', 'editor'],
  carol: ['viewer'],
  dave: [],
};

export function canaryOf(name: string): string {
  return `canary-${name}-of-sessions`;
}

export function rolesOf(name: Name): readonly string[] {
  return ROLES[name];
}

export function newAccounts(): ReadonlyMap<string, Account> {
  return new Map(
    NAMES.map((sub, i): [string, Account] => [
      sub,
      { sub, team: i < 2 ? 'red' : 'blue', role: 'member', roles: ROLES[sub], canary: canaryOf(sub) },
    ]),
  );
}
