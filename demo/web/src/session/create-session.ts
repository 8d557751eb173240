/** `hidden`: the page shows nobody's data, because whose it may show is not known (any more). */
export type SessionState<Who> =
  | { readonly kind: 'hidden' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown'; readonly message: string }
  | { readonly kind: 'known'; readonly who: Who };

/** What a page that shows private data has to be able to do. */
export interface Guarded {
  readonly hide: () => void;
  /** Asks whose session it is. */
  readonly check: () => Promise<void>;
}

export interface Session<Who> extends Guarded {
  readonly current: () => SessionState<Who>;
  readonly subscribe: (listener: () => void) => () => void;
  /** Does what changes it: signing in or out, another token. It rejects as `work` does. */
  readonly change: (work: () => Promise<Who | null>) => Promise<void>;
}

/**
 * Who is signed in. The credential itself stands in an HttpOnly cookie, where no script finds it: the page asks the service whose it is,
 * and believes nothing that it remembers itself.
 *
 * @param find - null where it is nobody's.
 * @param announce - Tells other pages of a change.
 */
export function createSession<Who>(find: () => Promise<Who | null>, announce: () => void): Session<Who> {
  let state: SessionState<Who> = { kind: 'hidden' };
  let questions = 0;
  const listeners = new Set<() => void>();

  function become(next: SessionState<Who>): void {
    state = next;
    for (const listener of listeners) listener();
  }

  return {
    current: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hide() {
      questions++;
      become({ kind: 'hidden' });
    },
    async check() {
      const mine = ++questions;
      const next = await find().then(known, unknown);
      // Of several questions the last one's answer counts: an earlier one may tell of the session before.
      if (mine !== questions) return;
      // No answer is no news: what is being read, or written, on a page stays there while the service restarts.
      if (next.kind === 'unknown' && state.kind === 'known') return;
      become(next);
    },
    async change(work) {
      questions++;
      const next = known(await work());
      questions++;
      become(next);
      announce();
    },
  };
}

function known<Who>(who: Who | null): SessionState<Who> {
  return who === null ? { kind: 'nobody' } : { kind: 'known', who };
}

function unknown(error: Error): SessionState<never> {
  return { kind: 'unknown', message: error.message };
}
