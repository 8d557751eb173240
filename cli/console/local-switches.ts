import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { refusal } from './ask-service.ts';
import type { WriteSwitch } from './switch-order.ts';

/** Switches in the JSON file that is the local Config Store: Viceroy reads it with each request. */
export function localSwitches(file: string): WriteSwitch {
  return async ({ item, value }) => {
    let items: unknown;
    try {
      items = JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      items = null;
    }
    if (typeof items !== 'object' || items === null || Array.isArray(items))
      return refusal(409, 'the file of the local Config Store is no JSON object');
    const { [item]: _before, ...others } = items as Record<string, unknown>;
    const next = value === null ? others : { ...others, [item]: value };
    // Whole or not at all: a request may read it at any moment.
    const staging = `${file}.${process.pid}`;
    writeFileSync(staging, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
    renameSync(staging, file);
    return { status: 200, body: JSON.stringify({ item, value }) };
  };
}
