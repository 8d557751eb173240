import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { createTokens } from '../site/tokens.ts';
import { runCli } from './support/run-cli.ts';

const minted = async (...args: string[]) => (await runCli(['token', ...args])).stdout.trim();

describe('claimcache token', () => {
  it('prints a token that the test site’s origin accepts, and nothing else', async () => {
    const tokens = createTokens(await siteKeys());
    for (const [args, sub, alg] of [
      [[], '42', 'HS256'],
      [['bob'], '43', 'HS256'],
      [['carol', '--provider', 'partner'], '77', 'RS256'],
    ] as const) {
      const token = await minted(...args);
      expect(await tokens.verify(token)).toMatchObject({ sub });
      expect(decodeProtectedHeader(token).alg).toBe(alg);
    }
  });

  it('two of one person differ, as after a refresh', async () => {
    expect(await minted('alice')).not.toBe(await minted('alice'));
  });

  it('lives as long as it is told, or has expired', async () => {
    const life = async (...args: string[]) => {
      const { exp = 0, iat = 0 } = decodeJwt(await minted(...args));
      return exp - iat;
    };
    expect(await life()).toBe(900);
    expect(await life('--expires-in', '2h')).toBe(7200);
    expect(await life('--expires-in', '-60')).toBe(-60);
    expect((await runCli(['token', '--expires-in', 'soon'])).status).toBe(2);
  });

  it('takes further claims as text or as JSON', async () => {
    const token = await minted(
      '--claim',
      'sub=4711',
      '--claim',
      'n:=7',
      '--claim',
      'tenant:={"id":"globex"}',
    );
    expect(decodeJwt(token)).toMatchObject({ sub: '4711', n: 7, tenant: { id: 'globex' }, role: 'member' });
    for (const wrong of ['role', '=x', 'n:={']) {
      expect((await runCli(['token', '--claim', wrong])).status).toBe(2);
    }
  });

  it('as JSON it comes with its claims', async () => {
    const run = await runCli(['token', 'alice', '--json']);
    expect(run.json()).toMatchObject({
      ok: true,
      provider: 'app',
      claims: { sub: '42', aud: 'claimcache-demo' },
    });
  });

  it('nobody else is known', async () => {
    const run = await runCli(['token', 'mallory']);
    expect(run.status).toBe(2);
    expect(run.stderr).toContain('alice, bob, carol');
  });
});
