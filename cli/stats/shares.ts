import type { LogRecord } from '../../src/request/log-record.ts';
import type { States } from '../log/states.ts';
import type { Shares } from './stats-report.ts';

/** Hit ratio and origin offload of whatever it is given. */
export function createShares(): { take(record: LogRecord): void; read(): Shares } {
  const states = { HIT: 0, MISS: 0, STALE: 0, BYPASS: 0, ERROR: 0 };
  let requests = 0;
  let originRequests = 0;
  let answersWithoutOrigin = 0;
  return {
    take({ state, originMs }) {
      requests++;
      states[state]++;
      if (originMs !== null) originRequests++;
      // A refusal spares the origin nothing: the more bad tokens, the better the site would look.
      else if (state !== 'ERROR') answersWithoutOrigin++;
    },
    read: () => ({
      requests,
      states: { ...states },
      hitRatio: ratio(states.HIT + states.STALE, asked(states)),
      originRequests,
      originOffload: ratio(answersWithoutOrigin, answersWithoutOrigin + originRequests),
    }),
  };
}

function asked({ HIT, STALE, MISS }: States): number {
  return HIT + STALE + MISS;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}
