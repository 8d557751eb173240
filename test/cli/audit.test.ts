import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decodeJwt } from 'jose';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditReport, Check } from '../../cli/audit/types.ts';
import { startScriptedOrigin } from '../edge/support/scripted-origin.ts';
import { canaryOf, PEOPLE } from '../site/people.ts';
import sitePolicy from '../site/src/policy.ts';
import { createTokens } from '../site/tokens.ts';
import { type RunningOrigin, startOrigin } from '../support/start-origin.ts';
import { BREACHES, type Fault, honest } from './support/faults.ts';
import { startNodeEdge } from './support/node-edge.ts';
import { type CliRun, runCli } from './support/run-cli.ts';

/** The fewer routes, the sooner each breach is told: pages of one person, of a group, and of everybody. */
const { orders, team_report, pages } = sitePolicy.routes ?? {};
const POLICIES = {
  whole: { ...sitePolicy, routes: { orders, team_report, pages } } as typeof sitePolicy,
  patient: {
    ...sitePolicy,
    routes: { pages: { path: '/pages/:slug', lane: 'public', browserTtlSeconds: 30 } },
  } as unknown as typeof sitePolicy,
  brief: { ...sitePolicy, routes: { orders, pages } } as typeof sitePolicy,
};
const SLOW = { timeout: 180_000 };

let folder: string;
let origin: RunningOrigin;
let tokens: string[];
const policyFile = (name: keyof typeof POLICIES = 'whole') => path.join(folder, `${name}.mjs`);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claimcache-audit-'));
  origin = await startOrigin();
  const mint = createTokens(origin.keys);
  tokens = await Promise.all([...PEOPLE, ...PEOPLE].map((person) => mint.issue(person, 'app', 900)));
  for (const name of ['whole', 'patient', 'brief'] as const) {
    writeFileSync(policyFile(name), `export default ${JSON.stringify(POLICIES[name])};`);
  }
});
afterAll(async () => {
  await origin.stop();
  rmSync(folder, { recursive: true, force: true });
});

function usersFile(changes: object = {}): string {
  const [alice, bob, carol, aliceAgain] = tokens;
  const file = path.join(folder, 'users.json');
  const markersOf = (i: number) => PEOPLE.slice(i, i + 1).map(canaryOf);
  writeFileSync(path.join(folder, 'carol.token'), `${carol}\n`);
  const users = [
    { name: 'alice', token: alice, second: { token: aliceAgain }, group: 'acme', markers: markersOf(0) },
    { name: 'bob', cookie: `session=${bob}`, group: { team: 'acme' }, markers: markersOf(1) },
    { name: 'carol', tokenFile: 'carol.token', group: 'globex', markers: markersOf(2) },
  ];
  const groups = { acme: { markers: ['canary-team-acme'] }, globex: { markers: ['canary-team-globex'] } };
  writeFileSync(file, JSON.stringify({ users, groups, paths: ['/pages/welcome'], ...changes }));
  return file;
}

/** Without anything that tells whose page it is. */
const mute = () => ({ users: ['u0', 'u1', 'u2'].map((name, i) => ({ name, token: tokens[i] })), groups: {} });

interface AuditOf {
  readonly fault?: Fault;
  readonly users?: object;
  /** Instead of the test site's. */
  readonly listener?: RequestListener;
  readonly policy?: keyof typeof POLICIES;
}

async function audit(
  { fault = honest, users, listener, policy = 'whole' }: AuditOf,
  argv: string[] = ['--json'],
): Promise<CliRun> {
  const scripted = listener === undefined ? null : await startScriptedOrigin();
  if (listener !== undefined) scripted?.answer(listener);
  const originUrl = scripted?.url ?? origin.url;
  const { appSecret, fingerprintKey, partnerJwks } = origin.keys;
  const items = {
    app_hs256: appSecret,
    fingerprint_key: fingerprintKey,
    partner_jwks: JSON.stringify(partnerJwks),
  };
  const edge = await startNodeEdge(POLICIES[policy], originUrl, items, fault);
  try {
    const file = usersFile(users);
    return await runCli([
      'audit',
      edge.url,
      '--users',
      file,
      '--policy',
      policyFile(policy),
      '--origin',
      originUrl,
      ...argv,
    ]);
  } finally {
    await edge.stop();
    await scripted?.stop();
  }
}

const checksOf = (run: CliRun): Check[] => run.json<AuditReport>().targets.flatMap(({ checks }) => checks);
const brokenOf = (run: CliRun) => checksOf(run).filter(({ verdict }) => verdict === 'broken');

describe('claimcache audit', () => {
  test('finds nothing where every promise is kept, and proves all of them', SLOW, async () => {
    const run = await audit({}, ['--json', '--strict']);
    expect(checksOf(run).filter(({ verdict }) => verdict !== 'kept')).toEqual([]);
    expect(run.status).toBe(0);
    const { targets } = run.json<AuditReport>();
    expect(targets.map(({ path: target }) => target)).toEqual([
      '/api/orders',
      '/api/team/report',
      '/pages/welcome',
    ]);
    expect(targets[0]?.rows.map(({ persona, lane, states }) => [persona, lane, states.join(' ')])).toEqual([
      ['anonymous', 'reject', 'ERROR ERROR ERROR'],
      ['alice', 'scoped', 'MISS HIT HIT'],
      ['bob', 'scoped', 'MISS HIT HIT'],
      ['carol', 'scoped', 'MISS HIT HIT'],
      ['editor', 'reject', 'ERROR ERROR ERROR'],
    ]);
    expect(targets[2]?.rows[0]?.cacheControl).toBe('public, max-age=60, s-maxage=300');
  });

  test.each(Object.entries(BREACHES))('an edge that %s is found', SLOW, async (_what, { make, finds }) => {
    const run = await audit({ fault: make(), policy: 'brief' });
    expect(brokenOf(run).map(({ id }) => id)).toContain(finds);
    expect(run.status).toBe(1);
  });

  test.each([
    'caches across users',
    'caches across users, and says MISS',
    'answers whoever waits with the page that comes first',
    'leaks in the compressed variant alone',
    'keeps across signed-in users what has no query',
    'answers a HEAD with what it kept of the page that came first',
    'cuts ranges out of the page that came first',
  ])('without any marker, too, an edge that %s is found', SLOW, async (what) => {
    const { make = () => honest, finds = '' } = BREACHES[what] ?? {};
    const run = await audit({ fault: make(), users: mute(), policy: 'brief' });
    expect(brokenOf(run).map(({ id }) => id)).toContain(finds);
    expect(run.json<AuditReport>().remarks.join()).toContain('No markers are given for u0, u1, u2');
  });
});

// --------------------------------------------------------------------------------------------- origins of all kinds

const nameOf = ({ headers }: IncomingMessage): string => {
  const token = headers.authorization?.slice('Bearer '.length) ?? headers.cookie?.replace(/.*session=/, '');
  try {
    return `canary-${PEOPLE.find(({ sub }) => sub === decodeJwt(token ?? '').sub)?.name}`;
  } catch {
    return 'nobody';
  }
};
const send = (response: ServerResponse, text: string, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'cache-control': 'private, max-age=300', ...headers }).end(text);
let last = '';
let count = 0;

describe('an origin that is no fault of anybody raises no alarm', () => {
  test.each<[string, RequestListener]>([
    ['answers everybody alike', (_request, response) => send(response, 'a page without anybody’s name')],
    [
      'tells the time in seconds',
      (_request, response) => send(response, `it is ${Math.floor(Date.now() / 1000)}`),
    ],
    [
      'picks one of two banners',
      (_request, response) => send(response, `banner number ${Math.floor(Math.random() * 2)}`),
    ],
    [
      'is served by one of three machines',
      (_request, response) =>
        send(response, 'page', { 'x-machine': `machine-${Math.floor(Math.random() * 3)}` }),
    ],
    ['repeats the query', ({ url }, response) => send(response, `you asked for ${url}`)],
    [
      'has one weak ETag for a page that changes each time',
      (_request, response) => send(response, `rendering ${Math.random()}`, { etag: 'W/"v1"' }),
    ],
    [
      'says that personal pages are public',
      (request, response) => send(response, nameOf(request), { 'cache-control': 'public, s-maxage=300' }),
    ],
    [
      'forbids to keep anything',
      (request, response) =>
        send(response, `${nameOf(request)} ${Math.random()}`, { 'cache-control': 'no-store' }),
    ],
    [
      'does not take unknown parameters',
      ({ url = '' }, response) =>
        url.includes('?') ? response.writeHead(400).end() : send(response, 'page'),
    ],
    [
      'counts down what it allows, and forbids to keep it',
      (_request, response) =>
        send(response, 'page', { 'cache-control': `no-cache, max-age=${1_000_000 - count++}` }),
    ],
    ['is broken', (_request, response) => response.writeHead(500).end('sorry')],
  ])('one that %s', SLOW, async (_what, listener) => {
    const run = await audit({ listener, users: mute() });
    expect(brokenOf(run)).toEqual([]);
    expect(run.status).toBe(0);
  });
});

test.each<[string, RequestListener, string]>([
  ['a page', (_request, response) => response.end('page'), 'public, max-age=30'],
  ['a failure', (_request, response) => response.writeHead(404).end('none'), 'max-age=600'],
  [
    'a page with a cookie',
    (_request, response) => response.setHeader('set-cookie', 'visitor=1').end('page'),
    'max-age=600',
  ],
])('what browserTtlSeconds makes of %s is no breach', SLOW, async (_what, answer, cacheControl) => {
  const listener: RequestListener = (request, response) =>
    answer(request, response.setHeader('cache-control', 'max-age=600') as typeof response);
  const run = await audit({ listener, users: mute(), policy: 'patient' });
  expect(brokenOf(run)).toEqual([]);
  expect(run.json<AuditReport>().targets[0]?.rows[0]?.cacheControl).toBe(cacheControl);
});

test(
  'two people who share a bucket of several are told apart by users.json, and where it is silent nothing is proven',
  SLOW,
  async () => {
    const isolationOf = (run: CliRun) =>
      run
        .json<AuditReport>()
        .targets.filter(({ route }) => route === 'team_report')
        .flatMap(({ checks }) => checks)
        .filter(
          ({ id, statement }) =>
            id === 'isolation' && /^(?:u0|u1) gets nothing that was kept for (?:u0|u1)$/.test(statement),
        )
        .map(({ verdict }) => verdict);
    const inGroups = (groups: (string | undefined)[]) => ({
      users: groups.map((group, i) => ({
        name: `u${i}`,
        token: tokens[i],
        ...(group === undefined ? {} : { group }),
      })),
      groups: {},
    });
    expect(isolationOf(await audit({ users: inGroups(['acme', 'acme']) }))).toEqual(['kept', 'kept']);
    expect(isolationOf(await audit({ users: inGroups(['acme', 'other']) }))).toEqual(['broken', 'broken']);
    expect(isolationOf(await audit({ users: inGroups(['acme', undefined]) }))).toEqual([
      'unproven',
      'unproven',
    ]);
  },
);

describe('an origin that mixes people up is found behind the best edge', () => {
  const people = () => ({
    users: PEOPLE.map(({ name }, i) => ({ name, token: tokens[i], markers: [`canary-${name}`] })),
    groups: {},
  });
  test.each<[string, RequestListener, string]>([
    [
      'answers with the page of whoever asked before',
      (request, response) => {
        const before = last === '' ? 'nobody' : last;
        last = nameOf(request);
        send(response, before);
      },
      'sightings',
    ],
    [
      'answers personal pages to everybody as public',
      (request, response) => {
        if (nameOf(request) !== 'nobody') last = nameOf(request);
        send(response, `the last one here was ${last}`, { 'cache-control': 'public, max-age=60' });
      },
      'sightings',
    ],
    [
      'has one ETag for the pages of all',
      (request, response) => send(response, nameOf(request), { etag: '"orders"' }),
      'isolation',
    ],
    [
      'names in a header who was here',
      (request, response) => {
        last = nameOf(request) === 'nobody' ? last : nameOf(request);
        count++;
        send(response, `page ${count}`, { 'x-visitors': last });
      },
      'sightings',
    ],
  ])('one that %s', SLOW, async (_what, listener, finds) => {
    last = '';
    const run = await audit({ listener, users: people() });
    expect(brokenOf(run).map(({ id }) => id)).toContain(finds);
    expect(run.status).toBe(1);
  });
});

describe('what the audit says', () => {
  /** As careless as can be: the token goes into fields that a report quotes, with what moves a terminal's cursor. */
  const careless: Fault = async ({ headers }, next) => {
    const reply = await next();
    const said = `${headers.authorization ?? ''} ${headers.cookie ?? ''} ${PEOPLE.map(canaryOf).join(' ')} canary-team-globex`;
    return {
      ...reply,
      headers: { ...reply.headers, 'cache-control': `private, x="${said}"\u009b2J`, 'x-cache': 'HIT' },
    };
  };

  test('holds no credential and no marker, whatever the site sends', SLOW, async () => {
    const junit = path.join(folder, 'audit.xml');
    const html = path.join(folder, 'audit.html');
    const text = await audit({ fault: careless }, ['--junit', junit, '--html', html]);
    const json = await audit({ fault: careless });
    expect(text.status).toBe(1);
    const files = [junit, html].map((name) => readFileSync(name, 'utf8'));
    expect(files[1]).toContain('[credential of alice]');
    for (const output of [text.stdout, text.stderr, json.stdout, ...files]) {
      for (const token of tokens)
        for (const part of token.split('.').slice(1)) expect(output).not.toContain(part);
      for (const person of PEOPLE) expect(output).not.toContain(canaryOf(person));
      expect(output).not.toContain('canary-team');
      expect(output.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
    expect(text.stdout).toContain('[credential of alice]');
    expect(text.stdout).toContain('marker 1 of alice');
  });

  test('is JUnit XML, too, with each promise as a case', SLOW, async () => {
    const file = path.join(folder, 'broken.xml');
    const json = path.join(folder, 'broken.json');
    const run = await audit({ fault: BREACHES['drops Vary']?.make() ?? honest }, [
      '--junit',
      file,
      '--json-file',
      json,
    ]);
    const report: AuditReport = JSON.parse(readFileSync(json, 'utf8'));
    const found = { testsuite: 0, testcase: 0, failure: 0, skipped: 0 } as Record<string, number>;
    const parser = new SaxesParser();
    let root: Record<string, string> = {};
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'testsuites') root = attributes as Record<string, string>;
      else found[name] = (found[name] ?? 0) + 1;
    });
    parser.write(readFileSync(file, 'utf8')).close();
    const { kept, broken, unproven } = report.counts;
    expect(found).toEqual({
      testsuite: 3,
      testcase: kept + broken + unproven,
      failure: broken,
      skipped: unproven,
    });
    expect(root).toMatchObject({ tests: String(kept + broken + unproven), failures: String(broken) });
    expect(broken).toBeGreaterThan(0);
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(/✗ alice's browser keeps the page for them alone \(Vary\)\n +Vary lacks /);
  });

  test('that it ended early, when it may ask no more', async () => {
    const run = await audit({}, ['--json', '--max-requests', '20']);
    const report = run.json<AuditReport>();
    expect([run.status, report.requests, report.ok]).toEqual([1, 20, false]);
    expect(report.remarks.join()).toContain('--max-requests');
    expect(brokenOf(run).map(({ id }) => id)).toContain('complete');
  });

  test('what it did not audit', SLOW, async () => {
    const plain = await audit({ users: { paths: [] } });
    expect(plain.json<AuditReport>().unaudited).toEqual(['/pages/:slug']);
    expect(plain.status).toBe(0);
    expect((await audit({ users: { paths: [] } }, ['--json', '--strict'])).status).toBe(1);
    const named = await audit({ users: { paths: [] } }, ['--json', '--path', '/pages/pricing']);
    expect(named.json<AuditReport>().unaudited).toEqual([]);
  });

  test('that nobody answers', async () => {
    const run = await runCli([
      'audit',
      'http://127.0.0.1:9',
      '--users',
      usersFile(),
      '--policy',
      policyFile(),
    ]);
    expect([run.status, run.stderr]).toEqual([5, expect.stringMatching(/ECONNREFUSED/)]);
  });

  test.each<[string, string[], number]>([
    ['a token over plain http', ['http://edge.example'], 2],
    ['a URL with a path', ['http://127.0.0.1:9/shop'], 2],
    ['a rate that is none', ['http://127.0.0.1:9', '--rate', 'fast'], 2],
    ['a path that is none', ['http://127.0.0.1:9', '--path', 'pages'], 2],
    ['no file of users', ['http://127.0.0.1:9', '--users', 'none.json'], 2],
  ])('%s: why it does not begin', async (_what, argv, status) => {
    const users = argv.includes('--users') ? [] : ['--users', usersFile()];
    const run = await runCli(['audit', ...argv, ...users, '--policy', policyFile()]);
    expect([run.status, run.stderr]).toEqual([status, expect.stringMatching(/^error: .+\n {2}.+/)]);
  });
});
