import { useQuery } from '@tanstack/react-query';
import { byLifetime, cacheModeOf } from 'claimcache/client';
import { type Answer, AskError, ask } from '../api/ask.ts';
import { originBaseline } from '../measure/comparison.ts';
import { addVisit } from '../measure/visits.ts';
import { withoutCache } from '../measure/without-cache.ts';
import type { User } from '../session/user-session.ts';
import { tour } from '../tour/tour.ts';

/** Every personal page names its owner; the team's names the tenant. */
interface Owned {
  readonly user?: string;
  readonly tenant?: string;
}

export const pagesOf = (user: Pick<User, 'sub'>) => ['page', user.sub] as const;

/** A page of the user's, as fresh as its response headers say. */
export function usePage<Body extends Owned>(user: User, path: string, onSessionLost: () => void) {
  return useQuery<Answer<Body>>({
    queryKey: [...pagesOf(user), path],
    async queryFn({ client, queryKey, signal }) {
      try {
        await originBaseline();
        const isWithout = withoutCache.current();
        // Both are about the edge: the browser's own copy would answer in its place.
        const cache = isWithout || tour.current().isOpen ? 'no-store' : cacheModeOf(client, queryKey);
        const answer = await ask<Body>(path, { signal, cache });
        assertOwner(answer.body, user);
        const { user: owner, tenant = '' } = answer.body;
        addVisit({ path, facts: answer.facts, isWithout, owner: owner ?? tenant });
        return answer;
      } catch (error) {
        if (error instanceof AskError && (error.status === 401 || error.status === 409)) onSessionLost();
        throw error;
      }
    },
    ...byLifetime,
  });
}

/** Another tab may have changed the session since this page was made, or something between may be broken. */
function assertOwner(body: Owned, user: User): void {
  const isTheirs =
    (body.user === undefined || body.user === user.sub) &&
    (body.tenant === undefined || body.tenant === user.tenant);
  if (!isTheirs) throw new AskError(409, 'The answer is somebody else’s; it is not shown.');
}
