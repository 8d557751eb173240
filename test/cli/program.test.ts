import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import { didYouMean } from '../../src/policy/did-you-mean.ts';
import { siteKeys } from '../site/keys.ts';
import { runCli } from './support/run-cli.ts';

// `token` signs with the keys of the site, which a fresh clone does not have.
beforeAll(async () => void (await siteKeys()));

describe('a word that is not known', () => {
  it.each<[string[], string]>([
    [['purgee'], 'Did you mean purge?'],
    [['purge', '--sotf', 'user', '42'], 'Did you mean --soft?'],
    [['purge', 'usr', '42'], 'Did you mean "user"?'],
    [['purge', '--route', 'ordesr'], 'Did you mean "orders"?'],
    [['token', '--provider', 'apq'], 'app, partner'],
  ])('%j: what may have been meant is told', async (argv, text) => {
    const run = await runCli(argv);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(text);
  });

  it('what is far from everything is not guessed', () => {
    expect(didYouMean('x', ['user', 'team'])).toBe('');
    expect(didYouMean('', ['user'])).toBe('');
    expect(didYouMean('User', ['user', 'team'])).toBe(' Did you mean "user"?');
    expect(didYouMean('user', [])).toBe('');
  });
});

describe('--json', () => {
  it.each<[string[]]>([
    [['purge', '--nothing', '--json']],
    [['purgee', '--json']],
    [['token', 'mallory', '--json']],
    [['explain', '--json']],
    [['keys', '--json']],
    [['purge', 'nobody', '42', '--json']],
  ])('%j: what is wrong with the arguments is JSON too, alone on stdout', async (argv) => {
    const run = await runCli(argv);
    expect(run.status).toBe(2);
    expect(run.stderr).toBe('');
    expect(run.json()).toMatchObject({
      ok: false,
      error: { code: 'CLI_USAGE', message: expect.any(String), fix: expect.any(String) },
    });
  });

  it('what nobody foresaw is JSON on stdout, too, and told in full on stderr', async () => {
    let stdout = '';
    const nobodyForesaw = () => {
      throw new Error('unforeseen');
    };
    const out = (text: string) => {
      stdout += text;
    };
    const world = { nowMs: nobodyForesaw, cwd: root, out };
    await expect(runCli(['explain', 'GET', '/', '--json'], world)).rejects.toThrow('unforeseen');
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: { code: 'CLI_FAILED' } });
  });

  it('every command takes it', async () => {
    for (const command of ['purge', 'revoke', 'explain', 'check', 'token', 'console']) {
      expect((await runCli([command, '--help'])).stdout, command).toContain('--json');
    }
    for (const command of ['import', 'check']) {
      expect((await runCli(['keys', command, '--help'])).stdout, command).toContain('--json');
    }
  });
});

it('the statuses stand in the help', async () => {
  const run = await runCli(['--help']);
  expect(run.status).toBe(0);
  expect(run.stdout).toContain('Exit status: 0 done');
});
