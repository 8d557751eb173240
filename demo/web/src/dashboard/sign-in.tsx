import { useSaid } from '../ui/use-said.ts';

const PEOPLE = [
  { name: 'alice', about: 'user 42, a member of acme' },
  { name: 'bob', about: 'user 43, of the same team' },
  { name: 'carol', about: 'user 77, a member of globex' },
] as const;

export interface SignInProps {
  readonly onSignIn: (user: string) => Promise<void>;
}

/** The demo asks for no password. */
export function SignIn({ onSignIn }: SignInProps) {
  const [said, run] = useSaid();
  return (
    <div className="panel">
      <h1>Sign in</h1>
      <p>Alice and Bob share a team’s report and nothing else. Carol shares nothing with them.</p>
      <ul className="people">
        {PEOPLE.map(({ name, about }) => (
          <li key={name}>
            <button type="button" onClick={() => run(() => onSignIn(name))}>
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
