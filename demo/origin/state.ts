import { MEMBERS } from './members/members.ts';
import { PEOPLE } from './people.ts';

export interface Profile {
  displayName: string;
  /** Grows with every change: the ETag of each page that shows the name. */
  version: number;
}

export interface Todo {
  readonly id: string;
  readonly title: string;
}

export interface CmsPage {
  published: string;
  draft: string;
}

interface RouteCount {
  total: number;
  users: Record<string, number>;
}

/** Everything the origin remembers; `reset` starts over. */
export interface State {
  delayMs: number;
  total: number;
  routes: Record<string, RouteCount>;
  profiles: Map<string, Profile>;
  pages: Map<string, CmsPage>;
  cmsSessions: Set<string>;
  /** Of the second site, by the value of the cookie. */
  memberSessions: Map<string, { readonly sub: string; readonly sinceSeconds: number }>;
  /** By `sub`. */
  memberNames: Map<string, string>;
  /** By `sub`. */
  todos: Map<string, readonly Todo[]>;
  /** GraphQL documents by their SHA-256: automatic persisted queries. */
  documents: Map<string, string>;
  count(route: string, user: string): void;
  reset(): void;
}

export function createState(delayMs: number): State {
  const state: State = {
    delayMs,
    ...blank(),
    count(route, user) {
      state.total += 1;
      state.routes[route] ??= { total: 0, users: {} };
      const counted = state.routes[route];
      counted.total += 1;
      counted.users[user] = (counted.users[user] ?? 0) + 1;
    },
    reset() {
      Object.assign(state, blank());
    },
  };
  return state;
}

function blank(): Omit<State, 'delayMs' | 'count' | 'reset'> {
  return {
    total: 0,
    routes: {},
    profiles: new Map(PEOPLE.map(({ sub, name }) => [sub, { displayName: name, version: 1 }])),
    pages: new Map([
      ['welcome', { published: 'Welcome.', draft: 'Welcome.' }],
      ['pricing', { published: 'It is free.', draft: 'It is free.' }],
    ]),
    cmsSessions: new Set(),
    memberSessions: new Map(),
    memberNames: new Map(MEMBERS.map(({ sub, name }) => [sub, name])),
    todos: new Map(PEOPLE.map(({ sub, name }) => [sub, [{ id: '1', title: `${name}'s first` }]])),
    documents: new Map(),
  };
}
