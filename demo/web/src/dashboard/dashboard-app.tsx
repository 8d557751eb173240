import { OwnQueries } from '../api/own-queries.tsx';
import { useSession } from '../session/use-session.ts';
import type { SignedIn, UserSession } from '../session/user-session.ts';
import { Frame } from '../ui/frame.tsx';
import { UnknownSession } from '../ui/unknown-session.tsx';
import { PersonalPages } from './personal-pages.tsx';
import { SignIn } from './sign-in.tsx';

interface Props {
  readonly session: UserSession;
}

/** The pages of whoever is signed in. */
export function DashboardApp({ session }: Props) {
  const state = useSession(session);
  if (state.kind === 'known') {
    // Another person is another component: no state and no copy of the first one's survives.
    return <Personal key={state.who.user.sub} session={session} who={state.who} />;
  }
  return (
    <Frame current="/app/">
      {state.kind === 'nobody' && <SignIn session={session} />}
      {state.kind === 'unknown' && (
        <UnknownSession message={state.message} onAgain={() => void session.check()} />
      )}
    </Frame>
  );
}

function Personal({ session, who }: Props & { readonly who: SignedIn }) {
  return (
    <OwnQueries>
      <Frame current="/app/" aside={<span className="who">{who.user.name}</span>}>
        <h1>Hello {who.user.name}</h1>
        <PersonalPages session={session} who={who} />
      </Frame>
    </OwnQueries>
  );
}
