import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves with true when `url` answers anything at all, with false when time is up or `hasEnded` says so. */
export async function waitForHttp(url: string, timeoutMs: number, hasEnded: () => boolean): Promise<boolean> {
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs && !hasEnded()) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await response.arrayBuffer();
      return true;
    } catch {
      await sleep(100);
    }
  }
  return false;
}
