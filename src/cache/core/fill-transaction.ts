import type { CoreEntry, CoreTransaction, CoreWriter } from '../../platform/core-cache-port.ts';
import type { CacheTask } from '../cache-engine.ts';
import type { FreshnessDecision } from '../freshness/freshness-decision.ts';
import { markerOptions, objectOptions } from './insert-options.ts';
import type { StoredObject } from './stored-object.ts';

/** The transaction of a filling request, which ends once. */
export interface FillTransaction {
  readonly entry: CoreEntry;
  readonly isOpen: boolean;
  giveUp(): void;
  /** The object, whose body is still to come. */
  insert(object: StoredObject, decision: FreshnessDecision): CoreWriter;
  /** `unkeyedVary`: of the answer that could not be stored. */
  insertMarker(
    task: CacheTask,
    maxAgeMs: number,
    vary?: readonly string[],
    unkeyedVary?: readonly string[],
  ): void;
  insertAndStreamBack(
    object: StoredObject,
    decision: FreshnessDecision,
  ): ReturnType<CoreTransaction['insertAndStreamBack']>;
  update(object: StoredObject, decision: FreshnessDecision): void;
}

export function fillTransaction(entry: CoreTransaction): FillTransaction {
  let open = true;
  return {
    entry,
    get isOpen() {
      return open;
    },
    giveUp() {
      if (open) entry.cancel();
      open = false;
    },
    insert(object, decision) {
      const writer = entry.insert(objectOptions(object, decision));
      open = false;
      return writer;
    },
    insertMarker(task, maxAgeMs, vary, unkeyedVary) {
      entry.insert(markerOptions(task, maxAgeMs, vary, unkeyedVary)).close();
      open = false;
    },
    insertAndStreamBack(object, decision) {
      const both = entry.insertAndStreamBack(objectOptions(object, decision));
      open = false;
      return both;
    },
    update(object, decision) {
      entry.update(objectOptions(object, decision));
      open = false;
    },
  };
}
