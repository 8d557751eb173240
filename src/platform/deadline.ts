import { EdgeError } from '../errors.ts';

/** Ends a wait. The work itself goes on: this host cannot abort a fetch. */
export function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(new EdgeError('ERR_ORIGIN_TIMEOUT', { cause: new Error(`nothing came for ${timeoutMs} ms`) })),
      timeoutMs,
    );
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Waits for work, but no longer than that. The work goes on, and must not reject. */
export function atMost(work: Promise<unknown>, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    void work.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
