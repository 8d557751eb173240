import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONFIG_MAX_AGE_MS } from '../../src/platform/config-age.ts';

/** A timer may end a little early. */
const MARGIN_MS = 50;

/**
 * Replaces the JSON file that is the local Config Store. A request meets the items from before or these, never half of them; when this
 * resolves, no sandbox has those from before.
 */
export async function replaceConfigFile(file: string, text: string): Promise<void> {
  const staging = `${file}.${process.pid}`;
  writeFileSync(staging, text, { mode: 0o600 });
  renameSync(staging, file);
  await sleep(CONFIG_MAX_AGE_MS + MARGIN_MS);
}
