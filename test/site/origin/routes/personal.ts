import { type Response, Router } from 'express';
import { canaryOf } from '../../people.ts';
import { callerOf, requirePerson } from '../caller.ts';
import { rendering } from '../rendering.ts';
import type { Profile, State } from '../state.ts';

interface PersonalPage {
  readonly path: string;
  readonly cacheControl: string;
  readonly surrogateKey: string;
  readonly content: (profile: Profile) => object;
}

const PAGES: readonly PersonalPage[] = [
  {
    path: '/api/dashboard',
    cacheControl: 'private, max-age=300',
    surrogateKey: 'dashboard-page',
    content: ({ displayName }) => ({ greeting: `Hello ${displayName}`, displayName }),
  },
  {
    path: '/api/orders',
    cacheControl: 'private, max-age=600',
    surrogateKey: 'orders-list',
    content: () => ({ orders: [{ id: 1, item: 'tea' }] }),
  },
  {
    path: '/api/profile',
    cacheControl: 'private, max-age=1800',
    surrogateKey: 'profile-page',
    content: ({ displayName }) => ({ displayName }),
  },
  {
    path: '/api/payment-methods',
    cacheControl: 'no-store',
    surrogateKey: 'payment-methods',
    content: () => ({ cards: [{ brand: 'visa', last4: '4242' }] }),
  },
];

/** Pages of one person, from their verified token, with the headers that a real back end sends. */
export function personalRoutes(state: State): Router {
  const router = Router();
  for (const page of PAGES) {
    router.get(page.path, requirePerson, (_request, response) => {
      const profile = profileOf(state, response);
      const { sub } = callerOf(response);
      response.set({
        'Cache-Control': page.cacheControl,
        'Surrogate-Key': page.surrogateKey,
        Vary: 'Authorization',
        // Weak: the content is the same, the rendering is not.
        ETag: `W/"${page.surrogateKey}-${sub}-${profile.version}"`,
      });
      response.json(personalBody(response, page.content(profile)));
    });
  }
  router.put('/api/profile', requirePerson, (request, response) => {
    const displayName: unknown = request.body?.displayName;
    response.set('Cache-Control', 'no-store');
    if (typeof displayName !== 'string' || displayName === '' || displayName.length > 200) {
      response.status(400).json({ error: 'expected displayName, a string of 1 to 200 characters' });
      return;
    }
    const profile = profileOf(state, response);
    profile.displayName = displayName;
    profile.version += 1;
    response.json(personalBody(response, { displayName }));
  });
  return router;
}

/** A page of the caller's own: whose it is, their canary, and this rendering's id. */
export function personalBody(response: Response, content: object): object {
  const person = callerOf(response);
  return { user: person.sub, canary: canaryOf(person), ...content, ...rendering() };
}

function profileOf(state: State, response: Response): Profile {
  const profile = state.profiles.get(callerOf(response).sub);
  if (profile === undefined) throw new Error('every person has a profile');
  return profile;
}
