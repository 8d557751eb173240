import { type LiveNews, SLOTS, type Slot } from './live-news.ts';

/** As many requests are kept in the page. */
const REQUESTS = 10_000;

type Keyed = { readonly slots: readonly Slot[] };

/** The state of the page with what is new. What has been told before does no harm. */
export function grow(state: LiveNews, news: LiveNews): LiveNews {
  const lastSeq = state.requests.at(-1)?.seq ?? 0;
  const fresh = news.requests.filter(({ seq }) => seq > lastSeq);
  return {
    ...news,
    slots: mergeSlots(state.slots, news.slots),
    routes: mergeSeries(state.routes, news.routes),
    causes: mergeSeries(state.causes, news.causes),
    requests: fresh.length === 0 ? state.requests : [...state.requests, ...fresh].slice(-REQUESTS),
    skipped: state.skipped + news.skipped,
  };
}

function mergeSeries<Series extends Keyed>(
  before: readonly Series[],
  changed: readonly Series[],
): readonly Series[] {
  if (changed.length === 0) return before;
  const news = new Map(changed.map((series) => [idOf(series), series]));
  const merged = before.map((series) => {
    const more = news.get(idOf(series));
    if (more === undefined) return series;
    news.delete(idOf(series));
    return { ...series, slots: mergeSlots(series.slots, more.slots) };
  });
  return [...merged, ...news.values()];
}

function idOf({ slots: _slots, ...names }: Keyed): string {
  return JSON.stringify(names);
}

/** A slot that has changed comes whole. */
function mergeSlots(before: readonly Slot[], changed: readonly Slot[]): readonly Slot[] {
  if (changed.length === 0) return before;
  const at = new Set(changed.map((slot) => slot.at));
  const merged = [...before.filter((slot) => !at.has(slot.at)), ...changed];
  // Lines may come out of order.
  merged.sort((a, b) => a.at - b.at);
  return merged.slice(-SLOTS);
}
