import { realpathSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { plugin } from '../../../src/build/plugin.ts';

const root = path.resolve(import.meta.dirname, '../../..');

interface Loader {
  load(this: unknown, id: string): Promise<string | null>;
}

/** What the build puts in the place of a module, for a policy; null: the module itself. */
async function inPlaceOf(module: string, policy: string): Promise<string | null> {
  const built = plugin.raw({ policy: path.join(root, policy) }, { framework: 'webpack' } as never) as unknown;
  return (built as Loader).load.call({ warn() {} }, realpathSync(path.join(root, 'src', module)));
}

test('opening sockets is in no service whose policy has none', async () => {
  const absent = await inPlaceOf('request/sockets/open-sockets.ts', 'test/site/src/policy.ts');
  expect(absent).toBe('export { default } from "./absent-sockets.ts";\n');
});

test('receiving webhooks is in no service whose policy has none', async () => {
  const absent = await inPlaceOf('operator/hooks/receive-hook.ts', 'test/site/src/policy.ts');
  expect(absent).toBe('export { default } from "./absent-hooks.ts";\n');
});

test.each(['identity/lookup/by-asking.ts', 'request/forget-sessions.ts'])(
  '%s is in the service of a policy that asks about credentials, and in no other',
  async (module) => {
    expect(await inPlaceOf(module, 'test/session-site/src/policy.ts')).toBeNull();
    const absent = await inPlaceOf(module, 'test/site/src/policy.ts');
    expect(absent).toMatch(/^export \* from "\.\/absent-(?:lookup|forget-sessions)\.ts";\n$/);
  },
);
