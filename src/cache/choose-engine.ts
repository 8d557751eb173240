import { HttpCacheDisabled } from '../platform/http-cache-port.ts';
import type { CacheEngine, CacheTask, CacheWork, TaskCalls } from './cache-engine.ts';

export interface EngineChoice {
  readonly readthrough: CacheEngine | null;
  readonly core: CacheEngine | null;
  /** Asked at the first request. false: known not to be there, as on the local server. */
  readonly hasReadthrough: () => boolean;
}

/**
 * The engine that serves a request: the forced one, else the platform's HTTP cache where it is there, else CoreCache.
 * Where the HTTP cache turns out to be switched off for the service, the other takes over, and that is remembered.
 *
 * What is `inspected` the platform's HTTP cache cannot take: it holds POST, and QUERY, for uncacheable, its `beforeSend` cannot change the
 * method, and its `afterSend` decides before there is a body.
 */
export function createChooser({
  readthrough,
  core,
  hasReadthrough,
}: EngineChoice): (forced: 'auto' | 'readthrough' | 'core', work?: CacheWork) => CacheEngine | null {
  let works: boolean | undefined;
  const readthroughWorks = () => {
    works ??= readthrough !== null && hasReadthrough();
    return works;
  };

  const automatic: CacheEngine = {
    get engine() {
      return readthroughWorks() ? 'readthrough' : 'core';
    },
    async fetch(task: CacheTask, calls: TaskCalls) {
      if (readthroughWorks() && readthrough !== null) {
        try {
          return await readthrough.fetch(task, calls);
        } catch (error) {
          if (!(error instanceof HttpCacheDisabled) || core === null) throw error;
          works = false;
        }
      }
      if (core === null) throw new HttpCacheDisabled('no engine');
      return core.fetch(task, calls);
    },
  };

  return (forced, work = 'plain') => {
    if (work === 'inspected') return core;
    if (forced === 'readthrough') return readthrough;
    if (forced === 'core') return core;
    return readthroughWorks() || core !== null ? automatic : null;
  };
}
