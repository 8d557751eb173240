import { readFileSync } from 'node:fs';
import { replaceConfigFile } from '../base/replace-config-file.ts';
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
    await replaceConfigFile(file, `${JSON.stringify(next, null, 2)}\n`);
    return { status: 200, body: JSON.stringify({ item, value }) };
  };
}
