import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditReport } from '../../cli/audit/types.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { canaryOf, PEOPLE } from '../site/people.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { tokenOf } from './support/client.ts';

const PATHS = [
  '/',
  '/pages/welcome',
  '/assets/site.css',
  '/dashboard/',
  '/preview/welcome',
  '/lab/cacheable',
  '/lab/set-cookie',
  '/lab/vary-encoding',
  '/api/lab/cacheable',
  '/api/lab/etag',
  '/api/lab/no-store',
  '/api/lab/set-cookie',
  '/graphql?query=%7Bme%7Bid%20canary%7D%20todos%7Bid%20render%7D%7D',
];

let stack: Stack;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-audit-'));
  stack = await startStack();
});
afterAll(async () => {
  await stack?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Two of the test site's people. */
async function twoUsersFile(): Promise<string> {
  const users = await Promise.all(
    PEOPLE.slice(0, 2).map(async (person) => ({
      name: person.name,
      token: await tokenOf(person),
      markers: [canaryOf(person)],
    })),
  );
  const file = path.join(folder, 'two-users.json');
  writeFileSync(file, JSON.stringify({ users }));
  return file;
}

/** The test site's people, one of them by cookie, and an editor with a real session. */
async function usersFile(): Promise<string> {
  const login = await fetch(`${stack.originUrl}/cms/login`, { method: 'POST' });
  const session = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const users = await Promise.all(
    PEOPLE.map(async (person, i) => {
      const token = await tokenOf(person);
      const second = { token: await tokenOf(person) };
      const credential = i === 1 ? { cookie: `session=${token}` } : { token, second };
      return { name: person.name, ...credential, group: person.tenant.id, markers: [canaryOf(person)] };
    }),
  );
  const groups = { acme: { markers: ['canary-team-acme'] }, globex: { markers: ['canary-team-globex'] } };
  const file = path.join(folder, 'users.json');
  writeFileSync(file, JSON.stringify({ users, groups, editor: { cookie: session }, paths: PATHS }));
  return file;
}

it('the service keeps every promise on every route of the test site, with every kind of visitor', async () => {
  const junit = path.join(folder, 'audit.xml');
  const argv = ['--users', await usersFile(), '--origin', stack.originUrl, '--junit', junit, '--json'];
  const run = await runCli(['audit', stack.edgeUrl, ...argv]);
  const report = run.json<AuditReport>();
  const broken = report.targets.flatMap(({ path: target, checks }) =>
    checks.filter(({ verdict }) => verdict === 'broken').map((check) => ({ target, ...check })),
  );
  expect(broken).toEqual([]);
  expect([run.status, report.ok]).toEqual([0, true]);
  expect(report.targets).toHaveLength(PATHS.length + 7);
  expect(report.counts.kept).toBeGreaterThan(500);
  const orders = report.targets.find(({ path: target }) => target === '/api/orders');
  expect(orders?.checks.filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
  expect(orders?.rows.find(({ persona }) => persona === 'bob')).toMatchObject({
    lane: 'scoped',
    states: ['MISS', 'HIT', 'HIT'],
    cacheControl: 'private, no-cache',
  });
  expect(readFileSync(junit, 'utf8')).toContain('failures="0"');
});

it('a route that a switch has taken out of the cache is told', async () => {
  await stack.edge.configure({ 'route.orders': 'observe' });
  try {
    const run = await runCli(['audit', stack.edgeUrl, '--users', await twoUsersFile(), '--json']);
    const orders = run.json<AuditReport>().targets.find(({ path: target }) => target === '/api/orders');
    const lane = orders?.checks.find(({ statement }) => statement === 'alice takes the scoped lane');
    expect([run.status, lane?.verdict, lane?.evidence[0]]).toEqual([
      1,
      'broken',
      expect.stringContaining('switch-observe'),
    ]);
  } finally {
    await stack.edge.configure({});
  }
});
