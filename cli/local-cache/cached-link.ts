import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { adaptersDigest } from './adapter.ts';
import { type LinkFailure, linkLocalCache } from './link.ts';

/** Like `linkLocalCache`; nothing is done where `output` has been made of the same service and the same adapter. */
export async function linkWhenChanged(input: string, output: string): Promise<LinkFailure | null> {
  const stamp = `${output}.sha256`;
  const digest = createHash('sha256').update(readFileSync(input)).update(adaptersDigest()).digest('hex');
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return null;
  const failure = await linkLocalCache(input, output);
  if (failure === null) writeFileSync(stamp, digest);
  return failure;
}
