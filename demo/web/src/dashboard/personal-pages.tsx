import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import type { SignedIn, UserSession } from '../session/user-session.ts';
import { reloadWith } from '../tour/tour.ts';
import { TourPanel } from '../tour/tour-panel.tsx';
import { Cards } from './cards.tsx';
import { ComparisonPanel } from './comparison-panel.tsx';
import { Toolbar } from './toolbar.tsx';
import { pagesOf } from './use-page.ts';

export interface PersonalPagesProps {
  readonly session: UserSession;
  readonly who: SignedIn;
}

/** What stands on the dashboard of one person. */
export function PersonalPages({ session, who }: PersonalPagesProps) {
  const client = useQueryClient();
  const { sub } = who.user;
  const reload = useCallback(() => client.invalidateQueries({ queryKey: pagesOf({ sub }) }), [client, sub]);
  useEffect(() => reloadWith(reload), [reload]);
  return (
    <>
      <Toolbar session={session} who={who} reload={reload} />
      <TourPanel session={session} />
      <Cards user={who.user} onSessionLost={() => void session.check()} />
      <ComparisonPanel reload={reload} />
    </>
  );
}
