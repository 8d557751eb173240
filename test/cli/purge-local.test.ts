import { afterEach, describe, expect, it } from 'vitest';
import { type OperatorService, startOperatorService } from './support/operator-service.ts';
import { runCli } from './support/run-cli.ts';

const TOKEN = 'operator-of-the-test';
let service: OperatorService;
afterEach(() => service.stop());

const withToken = (token: string) => ({ env: { CLAIMCACHE_OPERATOR_TOKEN: token } });

describe('claimcache purge --local', () => {
  it('is understood by the endpoint of the service', async () => {
    service = await startOperatorService(TOKEN);
    const run = await runCli(
      ['purge', '--local', service.url, 'user', '42', '--soft', '--json'],
      withToken(TOKEN),
    );
    expect(run).toMatchObject({ status: 0 });
    expect(service.purged).toEqual([{ key: 'user:42', soft: true }]);
  });

  it('says which key was purged, not how many entries there were', async () => {
    service = await startOperatorService(TOKEN);
    const run = await runCli(['purge', 'user', '42', '--local', service.url], withToken(TOKEN));
    expect(run.stdout).toBe(`purged: whatever was stored under user:42, of the service at ${service.url}\n`);
    const keys = Array.from({ length: 6 }, (_, i) => `key-${i}`);
    const many = await runCli(
      ['purge', '--key', ...keys, '--soft', '--local', service.url],
      withToken(TOKEN),
    );
    expect(many.stdout).toBe(
      `marked as stale: whatever was stored under 6 surrogate keys, of the service at ${service.url}\n`,
    );
  });

  it('sends thousands of the longest values in bodies that the endpoint takes', async () => {
    service = await startOperatorService(TOKEN);
    const keys = Array.from({ length: 300 }, (_, i) => `${i}-`.padEnd(1024, '"'));
    const run = await runCli(['purge', '--key', ...keys, '--local', service.url], withToken(TOKEN));
    expect(run.status).toBe(0);
    expect(service.purged.map(({ key }) => key)).toEqual(keys);
  });

  it('purges everything by the keys of all routes, those of paths without one included', async () => {
    service = await startOperatorService(TOKEN);
    expect((await runCli(['purge', '--all', '--yes', '--local', service.url], withToken(TOKEN))).status).toBe(
      0,
    );
    expect(service.purged.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['route:orders', 'route:assets', 'route:default']),
    );
  });

  it('tells a wrong token from endpoints that are off', async () => {
    service = await startOperatorService(TOKEN);
    const refused = await runCli(
      ['purge', 'user', '42', '--local', service.url],
      withToken('another-of-some-length'),
    );
    expect(refused.status).toBe(4);
    expect(refused.stdout + refused.stderr).not.toContain('another');
    await service.stop();

    service = await startOperatorService(null);
    const off = await runCli(['purge', 'user', '42', '--local', service.url], withToken(TOKEN));
    expect(off.status).toBe(1);
    expect(off.stdout).toContain('operator_token');
  });

  it('never sends the demo token to another machine', async () => {
    service = await startOperatorService(TOKEN);
    const run = await runCli(['purge', 'user', '42', '--local', 'https://edge.example.com']);
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('never sent to another machine');
  });
});
