import { flushSync } from 'react-dom';
import type { Guarded } from './create-session.ts';

/** One for the page: a channel does not hear itself. */
const channel = new BroadcastChannel('claimcache-session');

/** Tells the other tabs that somebody has signed in or out, or has another token. */
export function announceSession(): void {
  channel.postMessage('changed');
}

/**
 * Keeps private data off a page whose reader may have changed: what the browser freezes for the back button (bfcache) is an empty page,
 * and a page that is shown again asks first who is signed in.
 */
export function guardPage({ hide, check }: Guarded): void {
  addEventListener('pagehide', () => flushSync(hide));
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) void check();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void check();
  });
  channel.addEventListener('message', () => void check());
}
