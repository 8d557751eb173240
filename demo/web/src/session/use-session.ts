import { useSyncExternalStore } from 'react';
import type { Session, SessionState } from './create-session.ts';

export function useSession<Who>(session: Session<Who>): SessionState<Who> {
  return useSyncExternalStore(session.subscribe, session.current);
}
