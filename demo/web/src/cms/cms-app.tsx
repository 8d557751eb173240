import { OwnQueries } from '../api/own-queries.tsx';
import type { EditorSession } from '../session/editor-session.ts';
import { useSession } from '../session/use-session.ts';
import { Frame } from '../ui/frame.tsx';
import { UnknownSession } from '../ui/unknown-session.tsx';
import { Workplace } from './workplace.tsx';

/** The editor's page: drafts at the left, what everybody else gets at the right. */
export function CmsApp({ session }: { readonly session: EditorSession }) {
  const state = useSession(session);
  if (state.kind === 'known') {
    return (
      <OwnQueries>
        <Frame
          current="/app/cms/"
          aside={
            <button type="button" onClick={() => void session.signOut()}>
              Sign out
            </button>
          }
        >
          <h1>Pages</h1>
          <Workplace />
        </Frame>
      </OwnQueries>
    );
  }
  return (
    <Frame current="/app/cms/">
      {state.kind === 'nobody' && (
        <div className="panel">
          <h1>Pages</h1>
          <p>An editor sees drafts, always from the origin. Everybody else shares one cached page.</p>
          <button type="button" onClick={() => void session.signIn()}>
            Sign in as an editor
          </button>
        </div>
      )}
      {state.kind === 'unknown' && (
        <UnknownSession message={state.message} onAgain={() => void session.check()} />
      )}
    </Frame>
  );
}
