import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SITE } from '../site/keys.ts';
import { runCli } from './support/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  writeFileSync(path.join(folder, name), content);
  return name;
}

const keys = (...args: string[]) => runCli(['keys', ...args], { cwd: folder });
const POLICY = ['--policy', path.join(SITE, 'src/policy.ts')];
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');

/** Self-signed, of a key that nobody holds. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIUXTgCqf8O11wExQ5CFqyr3TWw0LswCgYIKoZIzj0EAwIw
GjEYMBYGA1UEAwwPY2xhaW1jYWNoZS10ZXN0MCAXDTI2MTEyNDEzMTE1MFoYDzIx
MjYxMDMxMTMxMTUwWjAaMRgwFgYDVQQDDA9jbGFpbWNhY2hlLXRlc3QwWTATBgcq
hkjOPQIBBggqhkjOPQMBBwNCAARWX/8Oz1KF3GQXVuZzEBsS//amhdY7YcTurkk6
zXQwqA/EeWnCwDtQXDmm5v/ysMfz69GN2qub6M1VOoL7dS8Bo1MwUTAdBgNVHQ4E
FgQUifhVJqIQg845MGblAzFuebUFeUMwHwYDVR0jBBgwFoAUifhVJqIQg845MGbl
AzFuebUFeUMwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA9gmU
UtgcG5tULwpSI8fAdJ5V0NLU9JfIbwIxz1QfEHcCIF8x7cXqp3NbMXmec2EWQ0ni
QpaXVDdS6g9CyA33a6Mz
-----END CERTIFICATE-----`;

describe('claimcache keys import', () => {
  it.each([
    ['an RSA public key', rsa.publicKey.export({ type: 'spki', format: 'pem' }), 'RSA'],
    ['an RSA public key in PKCS#1', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }), 'RSA'],
    ['an EC public key', ec.publicKey.export({ type: 'spki', format: 'pem' }), 'EC'],
    ['a certificate', CERTIFICATE, 'EC'],
    ['an Ed25519 public key', ed.publicKey.export({ type: 'spki', format: 'pem' }), 'OKP'],
  ])('turns %s into a JWKS with a thumbprint as kid', async (_, pem, kty) => {
    const run = await keys('import', write('key.pem', pem));
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const { keys: found } = run.json<{ keys: Record<string, string>[] }>();
    expect(found).toMatchObject([{ kty }]);
    expect(found[0]?.kid).toBe(await calculateJwkThumbprint(found[0] as { kty: string }));
  });

  it('takes only the public part of a private key, and warns', async () => {
    const run = await keys(
      'import',
      write('key.pem', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    );
    expect(run.stderr).toContain('private key');
    const [key] = run.json<{ keys: Record<string, string>[] }>().keys;
    expect(Object.keys(key ?? {}).sort()).toEqual(['e', 'kid', 'kty', 'n']);
  });

  it('strips private members from a JWK, and warns', async () => {
    const run = await keys(
      'import',
      write('key.json', JSON.stringify(ec.privateKey.export({ format: 'jwk' }))),
    );
    expect(run.stderr).toContain('private key');
    expect(run.stdout).not.toContain('"d"');
  });

  it('joins several files into one set', async () => {
    const run = await keys(
      'import',
      write('a.pem', rsa.publicKey.export({ type: 'spki', format: 'pem' })),
      write('b.json', JSON.stringify({ keys: [ec.publicKey.export({ format: 'jwk' })] })),
    );
    expect(run.json<{ keys: { kty: string }[] }>().keys.map(({ kty }) => kty)).toEqual(['RSA', 'EC']);
  });

  it('refuses what is no key without quoting it', async () => {
    const run = await keys('import', write('secret.txt', 'hunter2-is-my-secret'));
    expect(run.status).toBe(2);
    expect(run.stderr + run.stdout).not.toContain('hunter2');
    const broken = '-----BEGIN PUBLIC KEY-----\naHVudGVyMg==\n-----END PUBLIC KEY-----';
    expect((await keys('import', write('broken.pem', broken))).stderr).not.toContain('aHVudGVyMg');
  });
});

describe('claimcache keys check', () => {
  const jwks = (...list: object[]) => write('jwks.json', JSON.stringify({ keys: list }));

  it.each(['{"jwks":1}', '{"a":1}', '{"keys":1}', '{"keys":[1]}', '[]', 'null', '{"kty":1}'])(
    'says of %s that it has no key',
    async (text) => {
      for (const command of ['check', 'import']) {
        const { status, stderr } = await keys(command, write('none.json', text));
        expect(status).toBe(2);
        expect(stderr).toContain('has no key');
      }
    },
  );

  it.each([
    ['{"kty":"RSA","n":"AQAB"}', 'incomplete: it has no e\n'],
    ['{"keys":[{"kty":"EC","crv":"P-256"}]}', 'incomplete: it has no x and no y\n'],
    ['{"kty":"other"}', 'key-type\n'],
  ])('says of %s that it lacks a member', async (text, problem) => {
    const file = write('part.json', text);
    const checked = await keys('check', ...POLICY, file);
    expect([checked.status, checked.stdout]).toEqual([
      1,
      expect.stringMatching(new RegExp(`^refused .* ${problem}`)),
    ]);
  });

  it('imports no key that lacks a member', async () => {
    const { status, stderr, stdout } = await keys('import', write('part.json', '{"kty":"RSA","n":"AQAB"}'));
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('An RSA key has n and e');
  });

  it('tells what each key can verify', async () => {
    const run = await keys('check', ...POLICY, jwks(ec.publicKey.export({ format: 'jwk' })), '--json');
    expect(run).toMatchObject({ status: 0 });
    expect(run.json()).toMatchObject({ ok: true, keys: [{ kty: 'EC', verifies: ['ES256'] }] });
  });

  it('fails where the policy asks for what no key can verify', async () => {
    const run = await keys(
      'check',
      ...POLICY,
      jwks(ec.publicKey.export({ format: 'jwk' })),
      '--provider',
      'partner',
      '--json',
    );
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({ ok: false, providers: [{ provider: 'partner', missing: ['RS256'] }] });
  });

  it('names keys that are too weak, and why', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
    const short = { kty: 'oct', k: 'c2hvcnQ' };
    const run = await keys('check', ...POLICY, jwks(weak, short), '--json');
    expect(run.status).toBe(1);
    expect(run.json<{ refused: { problem: string }[] }>().refused.map(({ problem }) => problem)).toEqual([
      'rsa-size',
      'hmac-too-short',
    ]);
    expect(run.stdout).not.toContain('c2hvcnQ');
  });

  it('names keys that are no point of their curve, or have a low order', async () => {
    const good = ec.publicKey.export({ format: 'jwk' });
    const A43 = 'A'.repeat(43);
    const low = { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}`, kid: 'low' };
    const run = await keys(
      'check',
      ...POLICY,
      jwks(
        { ...good, x: A43, y: A43, kid: 'nought' },
        { ...good, kid: 'good' },
        { ...good, y: good.x, kid: 'off' },
        { ...good, x: String(good.x).slice(1), kid: 'short' },
        low,
      ),
      '--json',
    );
    expect(run.status).toBe(1);
    expect(run.json()).toMatchObject({ ok: false, keys: [{ kid: 'good' }] });
    expect(run.json<{ refused: unknown[] }>().refused).toEqual([
      { kid: 'nought', problem: 'ec-point' },
      { kid: 'off', problem: 'ec-point' },
      { kid: 'short', problem: 'ec-point' },
      { kid: 'low', problem: 'okp-point' },
    ]);
  });
});
