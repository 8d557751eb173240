import type { World } from '../base/world.ts';
import { exchange } from './exchange.ts';
import type { LeakDetector } from './leak-detector.ts';
import type { Pacer } from './pacer.ts';
import type { Answer, Ask } from './types.ts';

/** A server that asks for more patience is taken at its answer. */
const MAX_RETRY_AFTER_SECONDS = 30;

export interface AskDeps {
  readonly world: Pick<World, 'sleepMs'>;
  readonly base: URL;
  /** `Host`, where it is another than that of the URL; null: the same. */
  readonly host: string | null;
  readonly pacer: Pacer;
  readonly leakDetector: LeakDetector;
  readonly timeoutMs: number;
}

/** The one way to ask the site: paced, counted, and every answer seen by the leak detector. */
export function createAsk({ world, base, host, pacer, leakDetector, timeoutMs }: AskDeps): Ask {
  return async (persona, path, { method = 'GET', headers = {}, credential, alsoAs = [] } = {}) => {
    const send = async (): Promise<Answer> => {
      await pacer.turn();
      return exchange(base, path, {
        method,
        headers: {
          accept: '*/*',
          'accept-encoding': 'identity',
          'user-agent': 'claimcache-audit',
          ...(host === null ? {} : { host }),
          ...(credential ?? persona.credential),
          ...headers,
        },
        timeoutMs,
      });
    };
    let answer = await send();
    const afterSeconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    if ((answer.status === 429 || answer.status === 503) && afterSeconds <= MAX_RETRY_AFTER_SECONDS) {
      await world.sleepMs(afterSeconds * 1000);
      answer = await send();
    }
    leakDetector.examine(
      persona,
      answer,
      `${method} ${path} (${answer.headers.get('x-cache') ?? 'no X-Cache'})`,
      alsoAs,
    );
    return answer;
  };
}
