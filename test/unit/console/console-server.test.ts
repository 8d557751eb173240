import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type RunningConsole, startConsole } from '../../../cli/console/console-server.ts';
import { liveState } from '../../support/live-state.ts';
import { type Answer, type SendOptions, send } from '../../support/send.ts';

let folder: string;
let running: RunningConsole;
let asked: [string, string][];
let base: string;
let key: string;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-console-'));
  for (const name of ['console', 'assets']) mkdirSync(path.join(folder, name));
  writeFileSync(path.join(folder, 'console/index.html'), '<!doctype html>console');
  writeFileSync(path.join(folder, 'assets/index-a_1.js'), 'script');
  writeFileSync(path.join(folder, 'index.html'), 'the dashboard');
  asked = [];
  running = await startConsole({
    port: 0,
    folder,
    askService: async (task, body) => {
      asked.push([task, body]);
      return { status: 200, body: '{"purged":["user:42"]}' };
    },
  });
  const url = new URL(running.url);
  base = url.origin;
  key = new URLSearchParams(url.hash.slice(1)).get('key') ?? '';
});
afterEach(async () => {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

function purge(headers: Record<string, string | undefined>, body = '{"keys":["a"]}'): Promise<Answer> {
  const own = { origin: base, 'content-type': 'application/json', 'x-console-key': key };
  const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== undefined);
  return send(base, '/purge', {
    method: 'POST',
    headers: (Object.fromEntries(all) as SendOptions['headers']) ?? {},
    body,
  });
}

describe('the console’s server', () => {
  test('sends its page and what belongs to it, under a policy that allows nothing else', async () => {
    const page = await send(base, '/');
    expect(page.text).toContain('console');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'/);
    expect((await send(base, '/app/assets/index-a_1.js')).headers['content-type']).toMatch(/javascript/);
  });

  test.each([
    '/app/',
    '/app/index.html',
    '/index.html',
    '/app/assets/../index.html',
    '/app/assets/..%2f..%2findex.html',
    '/app/assets/%2e%2e/index.html',
    '/../../../etc/passwd',
    '/app/assets/index-a_1.js.map',
    '/app/assets/none.js',
  ])('sends no other file: %s', async (target) => {
    expect((await send(base, target)).status).toBe(404);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost'])(
    'answers nobody who comes by another name: %o',
    async (host) => {
      for (const target of ['/', `/events?key=${key}`]) {
        expect((await send(base, target, { headers: { host } })).status).toBe(403);
      }
      expect((await purge({ host })).status).toBe(403);
      expect(asked).toEqual([]);
    },
  );

  test('asks the service in the operator’s name for its own page', async () => {
    const { status, text } = await purge({});
    expect([status, text]).toEqual([200, '{"purged":["user:42"]}']);
    expect(asked).toEqual([['purge', '{"keys":["a"]}']]);
  });

  test.each<[string, Record<string, string | undefined>, number]>([
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['no origin', { origin: undefined }, 403],
    ['the origin null', { origin: 'null' }, 403],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text', { 'content-type': 'text/plain' }, 415],
    ['no key', { 'x-console-key': undefined }, 403],
    ['another key', { 'x-console-key': 'x'.repeat(24) }, 403],
  ])('asks nothing for %s', async (_who, headers, status) => {
    expect((await purge(headers)).status).toBe(status);
    expect(asked).toEqual([]);
  });

  test('a preflight of another site is not approved', async () => {
    const headers = {
      origin: 'http://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-console-key',
    };
    const answer = await send(base, '/purge', { method: 'OPTIONS', headers });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('takes no body without end', async () => {
    expect((await purge({}, 'x'.repeat(70_000))).status).toBe(413);
    expect(asked).toEqual([]);
  });

  test('streams the state to whoever has the key, and to nobody else', async () => {
    expect((await send(base, '/events')).status).toBe(403);
    expect((await send(base, '/events?key=wrong')).status).toBe(403);
    const response = await fetch(`${base}/events?key=${key}`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toMatch(/^event: state\n/);
    expect(JSON.parse(first.replace(/^event: state\ndata: /, ''))).toMatchObject({ totals: { HIT: 0 } });
    await reader?.cancel();
  });

  test('what it has purged stands in the history, with its keys', async () => {
    await purge({});
    const { purges } = await liveState(running.url);
    expect(purges).toMatchObject([{ by: 'console', keys: ['user:42'], count: 1, soft: false }]);
  });

  test('a switch is written where it can be, and only one that there is', async () => {
    const written: unknown[] = [];
    const other = await startConsole({
      port: 0,
      folder,
      askService: null,
      writeSwitch: async (order) => {
        written.push(order);
        return { status: 200, body: '{}' };
      },
    });
    const set = (url: string, order: unknown) => {
      const { origin, hash } = new URL(url);
      const headers = {
        origin,
        'content-type': 'application/json',
        'x-console-key': hash.slice('#key='.length),
      };
      return send(origin, '/switch', { method: 'POST', headers, body: JSON.stringify(order) });
    };
    const good = [
      { item: 'cache', value: 'pass' },
      { item: 'lane.scoped', value: 'observe' },
      { item: 'route.orders', value: null },
      { item: 'key_version', value: '2' },
    ];
    const bad = [
      { item: 'cache', value: 'observe' },
      { item: 'partner_jwks', value: '{}' },
      { item: 'route.a/b', value: 'pass' },
      { item: 'key_version', value: 'a b' },
      { item: 'cache' },
      [],
      null,
    ];
    for (const order of good) expect((await set(other.url, order)).status).toBe(200);
    for (const order of bad) expect((await set(other.url, order)).status).toBe(400);
    expect(written).toEqual(good);
    expect((await set(running.url, good[0])).status).toBe(503);
    await other.stop();
  });

  test('without an operator’s token it shows, and does nothing', async () => {
    const idle = await startConsole({ port: 0, folder, askService: null });
    const url = new URL(idle.url);
    const idleKey = new URLSearchParams(url.hash.slice(1)).get('key') ?? '';
    const headers = { origin: url.origin, 'content-type': 'application/json', 'x-console-key': idleKey };
    expect((await send(url.origin, '/purge', { method: 'POST', headers, body: '{}' })).status).toBe(503);
    await idle.stop();
  });
});
