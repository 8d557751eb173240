import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastlyCli from '@fastly/cli';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FastlyApi, startFastlyApi } from './support/fastly-api.ts';
import { type ClosedDoor, fastlyEnv, startClosedDoor } from './support/fastly-env.ts';
import { runCli } from './support/run-cli.ts';
import { run } from './support/terminal.ts';

/** The real `fastly` command, for whoever has it at hand and not this package. */
let api: FastlyApi;
let door: ClosedDoor;
let folder: string;

beforeEach(async () => {
  [api, door] = await Promise.all([startFastlyApi(), startClosedDoor()]);
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-fastly-'));
});
afterEach(async () => {
  expect(api.breaches).toEqual([]);
  await Promise.all([api.stop(), door.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

async function purge(flags: string): Promise<string> {
  const env = { ...fastlyEnv(api, door, folder), FASTLY_SERVICE_ID: api.serviceId };
  const { status, output } = await run(`'${fastlyCli}' purge ${flags}`, { cwd: folder, env });
  expect(status, output).toBe(0);
  return output;
}

const purges = () => api.calls.filter(({ path: at }) => at.startsWith('/service/'));

describe('fastly purge', () => {
  it('with --key purges what `claimcache purge` purges', async () => {
    const claimcache = await runCli(['purge', 'user', 'auth0|abc'], {
      env: {
        FASTLY_API_TOKEN: api.token,
        FASTLY_SERVICE_ID: api.serviceId,
        FASTLY_API_ENDPOINT: api.url,
      },
    });
    expect(claimcache.status).toBe(0);
    const [key = ''] = api.purgedKeys();
    await purge(`--key='${key}'`);
    expect(api.purgedKeys()).toEqual([key, key]);
  });

  it('with --soft leaves stale copies', async () => {
    await purge('--key=user:42 --soft');
    expect(api.purgedKeys()).toEqual(['user:42']);
    expect(purges()[0]?.headers['fastly-soft-purge']).toBe('1');
  });

  it('with --file takes a list, and with --all everything', async () => {
    writeFileSync(path.join(folder, 'keys.txt'), 'user:1\nuser:2\n');
    await purge('--file=keys.txt');
    expect(api.purgedKeys()).toEqual(['user:1', 'user:2']);
    await purge('--all');
    expect(purges().at(-1)).toMatchObject({ method: 'POST', path: `/service/${api.serviceId}/purge_all` });
  });
});
