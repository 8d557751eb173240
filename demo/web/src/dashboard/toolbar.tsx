import { purgeMe } from '../api/purge-me.ts';
import type { SignedIn, UserSession } from '../session/user-session.ts';
import { openTour } from '../tour/tour.ts';
import { useSaid } from '../ui/use-said.ts';

export interface ToolbarProps {
  readonly session: UserSession;
  readonly who: SignedIn;
  /** Asks for every page again. */
  readonly reload: () => Promise<unknown>;
}

/** What a person does about their session, and what it does to their copies at the edge. */
export function Toolbar({ session, who, reload }: ToolbarProps) {
  const [said, run] = useSaid();

  const refresh = async () => {
    await session.refreshToken();
    await reload();
    return 'Another token, the same person: the edge still has the pages.';
  };
  const purge = async () => {
    await purgeMe();
    await reload();
    return 'The edge has forgotten your pages, and asked the origin again.';
  };
  const again = async () => {
    await reload();
    return 'All pages were asked for again.';
  };

  return (
    <div className="toolbar">
      <button type="button" onClick={() => run(again)}>
        Ask again
      </button>
      <button type="button" className="second" onClick={() => run(refresh)}>
        Refresh token
      </button>
      <button type="button" className="second" onClick={() => run(purge)}>
        Purge me
      </button>
      <button type="button" className="second" onClick={() => run(session.signOut)}>
        Sign out
      </button>
      <button type="button" className="second" onClick={openTour}>
        Tour
      </button>
      <span className="token">
        token <code data-token-id>{who.token.id.slice(0, 8)}</code>
      </span>
      <output aria-live="polite">{said || '\u00a0'}</output>
    </div>
  );
}
