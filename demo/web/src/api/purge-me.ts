import { ask } from './ask.ts';

/** Purges every page of the person who is signed in. */
export function purgeMe(): Promise<unknown> {
  return ask('/.edge/purge/me', { method: 'POST' });
}
