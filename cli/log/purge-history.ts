import type { LogRecord } from '../../src/request/log-record.ts';
import type { PurgeEvent } from './live-news.ts';

const ORDERS = 100;
const WRITES = 50;
/** So far may the line of an order be from the moment when this console gave it. */
const SAME_MS = 10_000;

export interface PurgeHistory {
  /** A line of the log; whether it tells of a purge. */
  take(record: LogRecord): boolean;
  /** What this console has ordered: it knows the keys. */
  ordered(order: { readonly keys: readonly string[]; readonly soft: boolean; readonly timeMs: number }): void;
  /** Oldest first. */
  all(): readonly PurgeEvent[];
}

/** Who purged what, of the log and of this console. An order of its own has a line in the log, too, and is told once. */
export function createPurgeHistory(): PurgeHistory {
  let orders: PurgeEvent[] = [];
  let writes: PurgeEvent[] = [];
  let seq = 0;

  function addOrder(event: PurgeEvent): void {
    orders = [...orders, event].slice(-ORDERS);
  }

  return {
    take(record) {
      const { purged, requestId, route } = record;
      if (!(purged > 0)) return false;
      const timeMs = Date.parse(record.time);
      const event = { seq: ++seq, timeMs, count: purged, keys: null, soft: null, route, requestId };
      if (record.lane !== 'operator') {
        writes = [...writes, { ...event, by: 'write' as const }].slice(-WRITES);
        return true;
      }
      const isOurs = (order: PurgeEvent) =>
        order.by === 'console' && order.requestId === null && isSame(order, event);
      const own = record.reason === 'operator' ? orders.find(isOurs) : undefined;
      if (own === undefined) addOrder({ ...event, by: record.reason === 'self-purge' ? 'self' : 'operator' });
      else orders = orders.map((order) => (order === own ? { ...own, seq: event.seq, requestId } : order));
      return true;
    },
    ordered({ keys, soft, timeMs }) {
      const event = { timeMs, count: keys.length };
      const logged = orders.findLast((order) => order.by === 'operator' && isSame(order, event));
      orders = orders.filter((order) => order !== logged);
      const requestId = logged?.requestId ?? null;
      addOrder({ seq: ++seq, ...event, by: 'console', keys, soft, route: null, requestId });
    },
    all: () => [...orders, ...writes].sort((a, b) => a.timeMs - b.timeMs),
  };
}

function isSame(a: Pick<PurgeEvent, 'timeMs' | 'count'>, b: Pick<PurgeEvent, 'timeMs' | 'count'>): boolean {
  return a.count === b.count && Math.abs(a.timeMs - b.timeMs) < SAME_MS;
}
