import type { UserSession } from '../session/user-session.ts';
import { openTour, takeStep, tour } from '../tour/tour.ts';
import { useSaid } from '../ui/use-said.ts';

const PEOPLE = [
  { name: 'alice', about: 'user 42, a member of acme' },
  { name: 'bob', about: 'user 43, of the same team' },
  { name: 'carol', about: 'user 77, a member of globex' },
] as const;

export interface SignInProps {
  readonly session: UserSession;
}

/** The demo asks for no password. */
export function SignIn({ session }: SignInProps) {
  const [said, run] = useSaid();
  const startTour = async () => {
    openTour();
    await takeStep(session);
    // Nobody is signed in, so that the tour has no place of its own to say it.
    const { problem } = tour.current();
    if (problem !== '') throw new Error(problem);
  };
  return (
    <div className="panel">
      <h1>Sign in</h1>
      <p>
        You will see five pages of one person, and under each of them where it came from:{' '}
        <strong>MISS</strong> is the origin, <strong>HIT</strong> is the edge’s cache, <strong>BYPASS</strong>{' '}
        is never stored. Ask again, refresh the token, save another name, purge: the numbers tell what the
        edge did.
      </p>
      <button type="button" onClick={() => run(startTour)}>
        Take the tour, one minute
      </button>
      <p>
        Or look around. Alice and Bob share a team’s report and nothing else. Carol shares nothing with them.
      </p>
      <ul className="people">
        {PEOPLE.map(({ name, about }) => (
          <li key={name}>
            <button type="button" className="second" onClick={() => run(() => session.signIn(name))}>
              Sign in as {name}
            </button>
            <span>{about}</span>
          </li>
        ))}
      </ul>
      <p>Two people at once: open a private window beside this one.</p>
      <p className="problem" role="alert">
        {said}
      </p>
    </div>
  );
}
