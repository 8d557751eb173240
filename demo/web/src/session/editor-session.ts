import { ask } from '../api/ask.ts';
import { createSession, type Session } from './create-session.ts';

export interface EditorSession extends Session<'editor'> {
  readonly signIn: () => Promise<void>;
  readonly signOut: () => Promise<void>;
}

/** The session of an editor: the cookie `cms_session`, with which nothing is cached. */
export function createEditorSession(announce: () => void): EditorSession {
  const session = createSession(() => send('/api/cms/session', 'GET'), announce);
  return {
    ...session,
    signIn: () => session.change(() => send('/cms/login', 'POST')),
    signOut: () => session.change(() => send('/cms/logout', 'POST')),
  };
}

async function send(path: string, method: string): Promise<'editor' | null> {
  const { body } = await ask<{ readonly editor: boolean }>(path, { method, cache: 'no-store' });
  return body.editor ? 'editor' : null;
}
