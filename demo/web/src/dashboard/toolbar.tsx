import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ask } from '../api/ask.ts';
import type { SignedIn, UserSession } from '../session/user-session.ts';
import { pagesOf } from './use-page.ts';

export interface ToolbarProps {
  readonly session: UserSession;
  readonly who: SignedIn;
}

/** What a person does about their session, and what it does to their copies at the edge. */
export function Toolbar({ session, who }: ToolbarProps) {
  const client = useQueryClient();
  const [said, say] = useState('');
  const reload = () => client.invalidateQueries({ queryKey: pagesOf(who.user) });

  const run = (work: () => Promise<string>) => () => {
    // A reader of the screen hears the same sentence again only if it was gone.
    say('');
    void work().then(say, (error: Error) => say(`That failed: ${error.message}`));
  };

  const refresh = run(async () => {
    await session.refreshToken();
    await reload();
    return 'Another token, the same person: the edge knows the pages still.';
  });
  const purge = run(async () => {
    await ask('/.edge/purge/me', { method: 'POST' });
    await reload();
    return 'The edge has forgotten your pages, and asked the origin again.';
  });
  const again = run(async () => {
    await reload();
    return 'All pages were asked for again.';
  });
  const signOut = run(async () => {
    await session.signOut();
    return '';
  });

  return (
    <div className="toolbar">
      <button type="button" onClick={again}>
        Ask again
      </button>
      <button type="button" onClick={refresh}>
        Refresh token
      </button>
      <button type="button" onClick={purge}>
        Purge me
      </button>
      <button type="button" onClick={signOut}>
        Sign out
      </button>
      <span className="token">
        token <code data-token-id>{who.token.id.slice(0, 8)}</code>
      </span>
      <output aria-live="polite">{said || '\u00a0'}</output>
    </div>
  );
}
