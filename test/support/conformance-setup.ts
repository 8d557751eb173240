import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../../scripts/root.ts';
import { ensureSiteWasm } from './ensure-site-wasm.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';
import { startStack } from './start-stack.ts';
import type { TestEngine } from './test-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly edgeUrl: string;
    readonly originUrl: string;
    readonly operatorToken: string;
    /** What the origin asks for before it lets anybody sign in. */
    readonly originAccess: string;
    /** What the report says of the service under test. */
    readonly service: ServiceFacts;
  }
}

/** The target of the suite: EDGE_URL, ORIGIN_URL, ORIGIN_ACCESS and OPERATOR_TOKEN, or a stack of this run's own, made of the test site. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { EDGE_URL, ORIGIN_URL, ORIGIN_ACCESS, OPERATOR_TOKEN } = process.env;
  if (EDGE_URL || ORIGIN_URL) {
    if (!EDGE_URL || !ORIGIN_URL) throw new Error('EDGE_URL and ORIGIN_URL are needed together.');
    project.provide('edgeUrl', EDGE_URL.replace(/\/+$/, ''));
    project.provide('originUrl', ORIGIN_URL.replace(/\/+$/, ''));
    project.provide('operatorToken', OPERATOR_TOKEN ?? '');
    project.provide('originAccess', ORIGIN_ACCESS ?? demoAccess());
    project.provide('service', await serviceFacts(EDGE_URL, OPERATOR_TOKEN ?? ''));
    return undefined;
  }
  await ensureSiteWasm();
  // The variables of a project are there for its tests; this runs before.
  const engine = project.config.env.CLAIMCACHE_TEST_ENGINE as TestEngine | undefined;
  const stack = await startStack({
    guarded: true,
    withoutLocalCache: true,
    ...(engine === undefined ? {} : { engine }),
  });
  project.provide('edgeUrl', stack.edgeUrl);
  project.provide('originUrl', stack.originUrl);
  project.provide('operatorToken', stack.operatorToken);
  project.provide('originAccess', stack.origin.keys.originAccess);
  project.provide('service', await serviceFacts(stack.edgeUrl, stack.operatorToken));
  return stack.stop;
}

/** Of the demo's origin, which docs/proof/contract-tests.md puts on a public host. */
function demoAccess(): string {
  const file = path.join(root, '.demo/origin_access');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
