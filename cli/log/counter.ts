import type { LogRecord } from '../../src/request/log-record.ts';
import { type Counts, SLOTS, type Slot } from './live-news.ts';

/** The same, while it is counted. */
export type Counted<T> = { -readonly [K in keyof T]: T[K] };

export function noCounts(): Counted<Counts> {
  const states = { HIT: 0, MISS: 0, STALE: 0, BYPASS: 0, ERROR: 0 };
  return { ...states, saved: 0, origin: 0, originMs: 0, totalMs: 0, failures: 0, alarms: 0 };
}

/** Adds a record to counts, whole or of a slot. */
export function count(counts: Partial<Counted<Counts>>, record: LogRecord): void {
  const { state, originMs, status, detail, totalMs } = record;
  const add = (name: keyof Counts, by: number) => {
    if (by !== 0) counts[name] = (counts[name] ?? 0) + by;
  };
  add(state, 1);
  add('totalMs', totalMs);
  // As `claimcache stats` has it: a refusal spares the origin nothing.
  if (originMs === null) add('saved', state === 'ERROR' ? 0 : 1);
  else {
    add('origin', 1);
    add('originMs', originMs);
  }
  add('failures', status >= 500 ? 1 : 0);
  add('alarms', detail === 'leak-guard' ? 1 : 0);
}

/** The counts of something, slot by slot, for an hour. */
export interface Counter {
  add(at: number, record: LogRecord): void;
  /** Those that are not older than an hour. */
  slots(lastAt: number): readonly Slot[];
  /** Those that have changed since it was asked before. */
  changed(): readonly Slot[];
}

export function createCounter(): Counter {
  let slots: Counted<Slot>[] = [];
  let changed = new Set<Slot>();

  /** A log is nearly in order: what is looked for is at the end, or close to it. */
  function slotAt(at: number): Counted<Slot> {
    const before = slots.findLastIndex((slot) => slot.at <= at);
    const found = slots[before];
    if (found?.at === at) return found;
    const slot = { at };
    slots.splice(before + 1, 0, slot);
    return slot;
  }

  return {
    add(at, record) {
      const slot = slotAt(at);
      count(slot, record);
      changed.add(slot);
      for (const old of slots.splice(0, slots.length - SLOTS)) changed.delete(old);
    },
    slots(lastAt) {
      const isOld = (slot: Slot) => slot.at <= lastAt - SLOTS;
      for (const old of slots.filter(isOld)) changed.delete(old);
      slots = slots.filter((slot) => !isOld(slot));
      return slots;
    },
    changed() {
      const result = [...changed];
      changed = new Set();
      return result;
    },
  };
}
