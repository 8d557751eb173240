import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signalGroup } from '../../cli/dev/local-server/processes.ts';
import { type ScriptedOrigin, startScriptedOrigin } from '../edge/support/scripted-origin.ts';
import { send } from '../support/send.ts';
import { type Installed, installedPackage } from './support/installed.ts';
import { runNpm } from './support/run-npm.ts';
import { type StartedDev, startDev } from './support/start-dev.ts';

/** What somebody has who has Node, the tarball, and an application: a service by `claimcache init`, and its two commands. */
let installed: Installed;
let origin: ScriptedOrigin;
let folder: string;
let dev: StartedDev | undefined;

beforeAll(async () => {
  origin = await startScriptedOrigin();
  let count = 0;
  origin.answer((request, response) => {
    response.setHeader('cache-control', 'private, max-age=60').end(`${request.url} ${++count}`);
  });
  installed = installedPackage();
  folder = path.join(installed.folder, 'edge');
  const facts = [
    '--provider',
    'auth0',
    '--domain',
    'site.eu.auth0.example',
    '--audience',
    'https://api.site.example',
  ];
  const init = [
    'init',
    'edge',
    '--yes',
    '--origin',
    origin.url,
    ...facts,
    '--personal',
    '/api/me,/api/orders/**',
  ];
  const { status, stdout, stderr } = await installed.claimcache(installed.folder, ...init);
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/\n {2}npm start .*\n {2}npm test .*\n\n$/);
}, 900_000);
afterAll(async () => {
  if (dev !== undefined) signalGroup(dev.child, 'SIGKILL');
  await origin?.stop();
});

it('depends on the tarball that the command came from, which is beside it', () => {
  const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  expect(dependencies.claimcache).toMatch(/^file:vendor\/claimcache-[\d.]+\.tgz$/);
  expect(existsSync(path.join(folder, dependencies.claimcache.slice('file:'.length)))).toBe(true);
});

it('`npm test` passes, and fails when `scope` is removed from a route', async () => {
  const policy = path.join(folder, 'src/policy.ts');
  const text = readFileSync(policy, 'utf8');
  const green = await runNpm(folder, 'test');
  expect([green.status, green.output]).toEqual([
    0,
    expect.stringContaining('/api/me is cached for one person'),
  ]);
  const changed = text.replace("path: '/api/me', scope: 'user',", "path: '/api/me',");
  expect(changed).not.toBe(text);
  writeFileSync(policy, changed);
  const red = await runNpm(folder, 'test');
  writeFileSync(policy, text);
  expect(red.status).not.toBe(0);
  expect(red.output).toContain('is not kept apart by person');
});

it('`npm start` serves a HIT on its own route, tells each request, and ends with Ctrl-C', async () => {
  dev = await startDev(folder);
  const { child, events } = dev;
  const ended = once(child, 'close');
  const { url, curl } = await dev.ready;
  expect(curl).toBe(`curl -i ${url}/api/me -H "Authorization: Bearer $(npx claimcache token alice)"`);

  const token = await installed.claimcache(folder, 'token', 'alice');
  const headers = { authorization: `Bearer ${token.stdout.trim()}` };
  const first = await send(url, '/api/me', { headers });
  expect(first).toMatchObject({ status: 200, cache: 'MISS' });
  expect(await send(url, '/api/me', { headers })).toMatchObject({ cache: 'HIT', text: first.text });
  const other = {
    authorization: `Bearer ${(await installed.claimcache(folder, 'token', 'bob')).stdout.trim()}`,
  };
  expect((await send(url, '/api/me', { headers: other })).text).not.toBe(first.text);
  expect(await send(url, '/api/me')).toMatchObject({ status: 401 });

  const requests = () => events.filter(({ event }) => event === 'request');
  await expect.poll(() => requests().length).toBe(4);
  expect(requests().slice(0, 2)).toMatchObject([
    { method: 'GET', path: '/api/me', lane: 'scoped', state: 'MISS', reason: 'scope-verified' },
    { method: 'GET', path: '/api/me', lane: 'scoped', state: 'HIT' },
  ]);
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await ended;
  await expect(send(url, '/api/me')).rejects.toThrow();
});
