import { expect, it } from 'vitest';
import { demoKeys } from '../../../scripts/demo-keys.ts';
import { root } from '../../../scripts/root.ts';
import { runCli } from '../../cli/support/run-cli.ts';

it('claimcache check has nothing to tell of the policy of the demo and its manifest', async () => {
  await demoKeys();
  const run = await runCli(['check', '--strict', '--ignore', 'PATH_WITHOUT_RULE', '--json'], { cwd: root });
  expect(run.json<{ findings: unknown[] }>().findings).toEqual([]);
  expect(run.status).toBe(0);
});

it('claimcache token mints for the people of the demo', async () => {
  await demoKeys();
  const run = await runCli(['token', 'carol', '--provider', 'partner', '--json'], { cwd: root });
  expect(run.json()).toMatchObject({ ok: true, claims: { sub: '77' } });
});
