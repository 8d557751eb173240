import { ask } from '../api/ask.ts';
import { createSession, type Session } from './create-session.ts';

export interface User {
  readonly name: string;
  readonly sub: string;
  readonly tenant: string;
  readonly role: string;
}

export interface SignedIn {
  readonly user: User;
  /** The token's id: what tells two tokens apart, and is none. */
  readonly token: { readonly id: string; readonly expiresAtSeconds: number };
}

export interface UserSession extends Session<SignedIn> {
  readonly signIn: (name: string) => Promise<void>;
  readonly refreshToken: () => Promise<void>;
  readonly signOut: () => Promise<void>;
}

const ENDPOINT = '/api/session';

/** The session of a user of the site: the cookie `session`. */
export function createUserSession(announce: () => void): UserSession {
  const session = createSession(() => send(ENDPOINT, 'GET'), announce);
  return {
    ...session,
    signIn: (user) => session.change(() => send(ENDPOINT, 'POST', { user })),
    refreshToken: () => session.change(() => send(`${ENDPOINT}/refresh`, 'POST')),
    signOut: () => session.change(() => send(ENDPOINT, 'DELETE')),
  };
}

async function send(path: string, method: string, body?: unknown): Promise<SignedIn | null> {
  const answer = await ask<SignedIn | { user: null }>(path, { method, body, cache: 'no-store' });
  return answer.body.user === null ? null : (answer.body as SignedIn);
}
