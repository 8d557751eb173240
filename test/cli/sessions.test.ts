import path from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../cli/check/finding.ts';
import { root } from '../../scripts/root.ts';
import { runCli } from './support/run-cli.ts';

const POLICY = ['--policy', path.join(root, 'test/session-site/src/policy.ts')];

test('check names the backend and the secret that asking about credentials needs, and fastly.toml lacks', async () => {
  const run = await runCli(['check', '--json', ...POLICY]);
  const findings = run.json<{ findings: readonly Finding[] }>().findings;
  const missing = findings.filter(({ level }) => level === 'error').map(({ where }) => where);
  expect(run.status).toBe(1);
  expect(missing.filter((where) => where === 'providers.machines.introspection')).toHaveLength(2);
  expect(missing).not.toContain('providers.site.session');
});

test('token says that there is none to be made, and where one is', async () => {
  for (const provider of ['site', 'machines']) {
    const run = await runCli(['token', 'alice', '--provider', provider, ...POLICY]);
    expect(run.status).not.toBe(0);
    expect(run.stdout).toBe('');
    expect(run.stderr).toContain('docs/how-to/sessions.md');
  }
});

test('explain says that nobody is asked on this machine, and shows no cookie', async () => {
  const cookie = 'cookie: sid=canary-4711';
  const run = await runCli(['explain', 'GET', '/me', '--header', cookie, ...POLICY]);
  const all = run.stdout + run.stderr;
  expect(all).toContain('ERR_SESSION_UNAVAILABLE (503)');
  expect(all).toContain('site looked at cookie sid, and asked its session endpoint');
  expect(all).toContain('--local');
  expect(all).not.toContain('canary');
});
