import { OwnQueries } from '../api/own-queries.tsx';
import type { EditorSession } from '../session/editor-session.ts';
import { useSession } from '../session/use-session.ts';
import { Frame } from '../ui/frame.tsx';
import { UnknownSession } from '../ui/unknown-session.tsx';
import { useSaid } from '../ui/use-said.ts';
import { Workplace } from './workplace.tsx';

/** The editor's page: drafts at the left, what everybody else gets at the right. */
export function CmsApp({ session }: { readonly session: EditorSession }) {
  const state = useSession(session);
  const [said, run] = useSaid();
  const problem = (
    <p className="problem" role="alert">
      {said}
    </p>
  );
  if (state.kind === 'known') {
    return (
      <OwnQueries>
        <Frame
          current="/app/cms/"
          aside={
            <button type="button" className="second" onClick={() => run(session.signOut)}>
              Sign out
            </button>
          }
        >
          <h1>Pages</h1>
          {problem}
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
          <p>
            An editor sees drafts, always from the origin. While one is signed in, this browser gets nothing
            from the edge’s cache, the dashboard included. Everybody else shares one cached page.
          </p>
          <button type="button" onClick={() => run(session.signIn)}>
            Sign in as an editor
          </button>
          {problem}
        </div>
      )}
      {state.kind === 'unknown' && (
        <UnknownSession message={state.message} onAgain={() => void session.check()} />
      )}
    </Frame>
  );
}
