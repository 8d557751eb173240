import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../../scripts/root.ts';
import { siteKeys } from '../site/keys.ts';
import { serviceFacts } from './service-facts.ts';
import { startOrigin } from './start-origin.ts';

/** The third engine of the suite: memory, in Node, before the same origin as the others. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // A service that is deployed runs on an engine of its own.
  if (process.env.EDGE_URL) return undefined;
  const { originAccess, operatorToken } = await siteKeys();
  const origin = await startOrigin({ accessSecret: originAccess });
  const child = fork(path.join(root, 'test/support/memory-edge-main.ts'), {
    execArgv: ['--import', path.join(root, 'scripts/tsx.mjs')],
    env: { ...process.env, ORIGIN_URL: origin.url },
  });
  const [edgeUrl] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The memory engine ended with ${code}.`);
    }),
  ])) as [string];
  project.provide('edgeUrl', edgeUrl);
  project.provide('originUrl', origin.url);
  project.provide('operatorToken', operatorToken);
  project.provide('originAccess', originAccess);
  // It is the code of CoreCache's engine that runs there, and says so.
  project.provide('service', { ...(await serviceFacts(edgeUrl, operatorToken)), engine: 'memory' });
  return async () => {
    child.removeAllListeners('exit');
    child.kill();
    await origin.stop();
  };
}
