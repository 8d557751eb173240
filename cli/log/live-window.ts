import type { LogRecord } from '../../src/request/log-record.ts';
import { type Counter, count, createCounter, noCounts } from './counter.ts';
import { isRequest } from './is-request.ts';
import { type CauseSeries, type LiveNews, type RequestLine, SLOT_SECONDS } from './live-news.ts';
import { createPurgeHistory, type PurgeHistory } from './purge-history.ts';
import { requestLine, routeName } from './request-line.ts';

/** Of so many requests a page that connects is told, and of so many at once while it is there. */
const REQUESTS = 1000;
/** More pairs of route and lane than any policy has: beyond it they are counted together. */
const MAX_ROUTES = 200;
const MAX_CAUSES = 100;
/** Behind the clock by more than this a log is an old one, and its own last line is the present. */
const LIVE_MS = 600_000;

type Cause = Omit<CauseSeries, 'slots'>;
const OTHER_CAUSES: Cause = { route: '(others)', lane: '', state: 'MISS', reason: '(others)', detail: '' };

/** What the log says, without what the console knows beside it. */
export type LogNews = Omit<LiveNews, 'isEnded' | 'facts'>;

export interface LiveWindow {
  /** Takes one record; whether anything has changed. */
  take(record: LogRecord): boolean;
  readonly ordered: PurgeHistory['ordered'];
  /** All of it. */
  state(): LogNews;
  /** What has come since this was asked before. */
  news(): LogNews;
}

/** The last hour of a log, and its last requests. Constant memory, however long it runs. */
export function createLiveWindow(nowMs: () => number): LiveWindow {
  const totals = noCounts();
  const all = createCounter();
  const routes = createCounters(MAX_ROUTES, { route: '(others)', lane: '' });
  const causes = createCounters<Cause>(MAX_CAUSES, OTHER_CAUSES);
  const purges = createPurgeHistory();
  let requests: RequestLine[] = [];
  let seq = 0;
  let toldSeq = 0;
  let newestMs = 0;

  function take(record: LogRecord): void {
    const line = requestLine(record, ++seq);
    newestMs = Math.max(newestMs, line.timeMs);
    const at = Math.floor(line.timeMs / 1000 / SLOT_SECONDS);
    count(totals, record);
    all.add(at, record);
    const { lane, state, reason, detail } = record;
    const route = routeName(record);
    routes.add({ route, lane }, at, record);
    if (state === 'MISS' || state === 'BYPASS')
      causes.add({ route, lane, state, reason, detail }, at, record);
    requests.push(line);
    if (requests.length > 2 * REQUESTS) requests = requests.slice(-REQUESTS);
  }

  function end(): { endMs: number; lastAt: number } {
    const now = nowMs();
    const isLive = now - newestMs < LIVE_MS || newestMs === 0;
    const lastAt = Math.floor((isLive ? Math.max(now, newestMs) : newestMs) / 1000 / SLOT_SECONDS);
    return { endMs: (lastAt + 1) * SLOT_SECONDS * 1000, lastAt };
  }

  return {
    take(record) {
      const hasPurged = purges.take(record);
      if (!isRequest(record)) return hasPurged;
      take(record);
      return true;
    },
    ordered: purges.ordered,
    state() {
      const { endMs, lastAt } = end();
      return {
        endMs,
        totals,
        slots: all.slots(lastAt),
        routes: routes.read((counter) => counter.slots(lastAt)),
        causes: causes.read((counter) => counter.slots(lastAt)),
        requests: requests.slice(-REQUESTS),
        skipped: 0,
        purges: purges.all(),
      };
    },
    news() {
      const untold = Math.min(REQUESTS, seq - toldSeq);
      const fresh = requests.slice(requests.length - untold);
      const skipped = seq - toldSeq - untold;
      toldSeq = seq;
      return {
        endMs: end().endMs,
        totals,
        slots: all.changed(),
        routes: routes.read((counter) => counter.changed()),
        causes: causes.read((counter) => counter.changed()),
        requests: fresh,
        skipped,
        purges: purges.all(),
      };
    },
  };
}

/** A counter for each thing of a kind, as many as `limit`, and one for all others. */
function createCounters<Thing extends object>(limit: number, others: Thing) {
  const known = new Map<string, { readonly thing: Thing; readonly counter: Counter }>();
  return {
    add(wanted: Thing, at: number, record: LogRecord): void {
      const wantedId = JSON.stringify(wanted);
      const isKnown = known.size < limit || known.has(wantedId);
      const [thing, id] = isKnown ? [wanted, wantedId] : [others, '(others)'];
      const entry = known.get(id) ?? { thing, counter: createCounter() };
      known.set(id, entry);
      entry.counter.add(at, record);
    },
    /** Those that have something to tell. */
    read<Slots extends readonly unknown[]>(slotsOf: (counter: Counter) => Slots) {
      return [...known.values()]
        .map(({ thing, counter }) => ({ ...thing, slots: slotsOf(counter) }))
        .filter(({ slots }) => slots.length > 0);
    },
  };
}
