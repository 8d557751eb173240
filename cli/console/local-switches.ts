import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_MAX_AGE_MS } from '../../src/platform/config-age.ts';
import { refusal } from './ask-service.ts';
import type { WriteSwitch } from './switch-order.ts';

/** Switches in the JSON file that is the local Config Store. When it is done, no sandbox has the value from before. */
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
    await sleep(CONFIG_MAX_AGE_MS);
    return { status: 200, body: JSON.stringify({ item, value }) };
  };
}
