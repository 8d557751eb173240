import path from 'node:path';
import { viceroyIn } from '../cli/dev/local-server/obtain-viceroy.ts';
import { isMain, root } from './root.ts';

/** The path of Viceroy, Fastly's local Compute server; a build with cargo goes into `.tools/`. */
export function obtainViceroy(): Promise<string> {
  return viceroyIn({ project: root, tools: path.join(root, '.tools/viceroy'), tell: console.log });
}

if (isMain(import.meta.url)) {
  try {
    console.log(`Viceroy: ${await obtainViceroy()}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
