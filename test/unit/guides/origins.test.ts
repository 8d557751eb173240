import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expectHit, expectIsolated, type TestEdge, type TestOrigin, testEdge } from 'claimcache/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../cli/dev/local-server/ports.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { policyWarnings } from '../../../src/policy/warnings.ts';
import { type FastlyApi, startFastlyApi } from '../../cli/support/fastly-api.ts';
import { blocksOf, policyOf, writeBlocks } from './support/blocks.ts';

const root = path.resolve(import.meta.dirname, '../../..');
/** Inside of the repository: what the applications import is found from there. */
const folder = path.join(root, 'build/test/origins', String(process.pid));
const PURGING = 'how-to/purge-from-your-back-end.md';
const [policyBlock = ''] = blocksOf('how-to/frameworks/README.md', 'ts');
const policy = policyOf(policyBlock);

const SECRETS = { ORIGIN_SECRET: 'of-the-origin', HOOK_SECRET: 'of-the-hook' };
const HOOK = { 'x-hook-secret': SECRETS.HOOK_SECRET, 'content-type': 'application/json' };
const ALICE = { as: { sub: '42', tenant: 'acme', role: 'member' } };
const BOB = { as: { sub: '43', tenant: 'acme', role: 'member' } };
const CAROL = { as: { sub: '44', tenant: 'globex', role: 'member' } };

interface Application {
  readonly name: string;
  /** null: it can run here. */
  readonly cannotRun: string | null;
  start(folder: string, environment: NodeJS.ProcessEnv): Promise<TestOrigin>;
}

const children: ChildProcess[] = [];
let api: FastlyApi;
beforeAll(async () => {
  api = await startFastlyApi();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The URL at which an application listens, once it does. */
async function started(command: string, file: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const port = await freePort();
  const child = spawn(command, [path.basename(file)], {
    cwd: path.dirname(file),
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let said = '';
  child.stderr?.on('data', (text) => {
    said += text;
  });
  const url = `http://127.0.0.1:${port}`;
  while (
    (await fetch(url).then(
      (answer) => answer.status,
      () => 0,
    )) !== 403
  ) {
    if (child.exitCode !== null) throw new Error(`The application has ended:\n${said}`);
    await sleep(50);
  }
  return url;
}

function hasModule(name: string): string | null {
  const { status } = spawnSync('python3', ['-c', `import ${name}`]);
  return status === 0 ? null : `python3 with ${name} is not here`;
}

const nodeApp = (document: string) => async (to: string, environment: NodeJS.ProcessEnv) => {
  expect(writeBlocks(to, blocksOf(document, 'js'))).toEqual(['app.js']);
  writeFileSync(path.join(to, 'purge.js'), blocksOf(PURGING, 'js').join('\n'));
  return started(process.execPath, path.join(to, 'app.js'), environment);
};

const pythonApp = (heading: string) => async (to: string, environment: NodeJS.ProcessEnv) => {
  expect(writeBlocks(to, blocksOf('how-to/frameworks/django-flask.md', 'python', heading))).toEqual([
    'app.py',
  ]);
  writeFileSync(path.join(to, 'purge.py'), blocksOf(PURGING, 'python').join('\n'));
  return started('python3', path.join(to, 'app.py'), environment);
};

/** Route handlers, called as Next.js calls them: by file and method, with a `Request`. */
async function nextApp(to: string, environment: NodeJS.ProcessEnv): Promise<TestOrigin> {
  const names = writeBlocks(to, blocksOf('how-to/frameworks/nextjs.md', 'js'));
  writeFileSync(path.join(to, 'lib/purge.js'), blocksOf(PURGING, 'js').join('\n'));
  Object.assign(process.env, environment);
  const routes = new Map<string, Record<string, (request: Request) => Promise<Response>>>();
  for (const name of names.filter((name) => name.endsWith('/route.js'))) {
    const url = pathToFileURL(path.join(to, name)).href;
    routes.set(name.replace(/^app(.*)\/route\.js$/, '$1'), await import(/* @vite-ignore */ url));
  }
  expect([...routes.keys()].sort()).toEqual(['/api/orders', '/api/report', '/hooks/shipped']);
  return async (request) => {
    const handler = routes.get(new URL(request.url).pathname)?.[request.method];
    return handler === undefined ? new Response(null, { status: 404 }) : handler(request);
  };
}

const APPLICATIONS: readonly Application[] = [
  { name: 'Express', cannotRun: null, start: nodeApp('how-to/frameworks/express.md') },
  { name: 'Fastify', cannotRun: null, start: nodeApp('how-to/frameworks/fastify.md') },
  { name: 'Next.js', cannotRun: null, start: nextApp },
  { name: 'Flask', cannotRun: hasModule('flask'), start: pythonApp('Flask') },
  { name: 'Django', cannotRun: hasModule('django'), start: pythonApp('Django') },
];

it('the policy of all pages compiles, without a warning', () => {
  expect(compilePolicy(policy).routes).toHaveLength(2);
  expect(policyWarnings(policy)).toEqual([]);
});

describe.each(APPLICATIONS)('an origin in $name', ({ name, cannotRun, start }) => {
  let origin: TestOrigin;
  let edge: TestEdge;
  beforeAll(async () => {
    if (cannotRun !== null) return;
    const to = path.join(folder, name);
    mkdirSync(to, { recursive: true });
    origin = await start(to, {
      ...SECRETS,
      FASTLY_API_ENDPOINT: api.url,
      FASTLY_API_TOKEN: api.token,
      FASTLY_SERVICE_ID: api.serviceId,
    });
    edge = await testEdge(policy, { origin, secrets: { origin_secret: SECRETS.ORIGIN_SECRET } });
  });

  const check = (what: string, work: () => Promise<void>) =>
    it(what, async ({ skip }) => {
      if (cannotRun !== null) skip(cannotRun);
      await work();
    });
  const around = (target: string, headers: Record<string, string>) => {
    const request = new Request(`http://www.test${target}`, { headers });
    return typeof origin === 'string' ? fetch(`${origin}${target}`, { headers }) : origin(request);
  };
  const orders = async (who: typeof ALICE) => {
    const answer = await edge.fetch('/api/orders', who);
    const { orders } = (await answer.json()) as { orders: string[] };
    return [answer.status, answer.headers.get('x-cache'), orders.join(', ')];
  };

  check('gives nothing to whoever comes around the edge, whatever they claim', async () => {
    const claims = { 'x-claimcache-claims': '{"sub":"42","tenant":"acme","role":"owner"}' };
    for (const target of ['/api/orders', '/api/report']) {
      for (const secret of [{}, { 'x-origin-secret': '' }, { 'x-origin-secret': 'another' }]) {
        expect((await around(target, { ...claims, ...secret })).status, target).toBe(403);
      }
    }
    // The edge itself takes forged claims away.
    expect((await edge.fetch('/api/orders', { headers: claims })).status).toBe(401);
  });

  check('shows each person their own, from the cache the second time', async () => {
    expect(await orders(ALICE)).toEqual([200, 'MISS', 'a lamp']);
    expect(await orders(BOB)).toEqual([200, 'MISS', 'a chair']);
    expect(await orders(ALICE)).toEqual([200, 'HIT', 'a lamp']);
    await expectHit(edge, '/api/orders', BOB);
    await expectIsolated(edge, '/api/orders?page=2', [ALICE, BOB]);
  });

  check('is asked for a shared page without a token, and makes it from its claims', async () => {
    const before = edge.originRequests.length;
    const answers = [];
    for (const who of [ALICE, BOB, CAROL]) {
      const answer = await edge.fetch('/api/report', { ...who, headers: { cookie: 'session=1' } });
      answers.push([answer.headers.get('x-cache'), ((await answer.json()) as { tenant: string }).tenant]);
    }
    expect(answers).toEqual([
      ['MISS', 'acme'],
      ['HIT', 'acme'],
      ['MISS', 'globex'],
    ]);
    for (const { headers } of edge.originRequests.slice(before)) {
      expect([headers.get('authorization'), headers.get('cookie')]).toEqual([null, null]);
      expect(Object.keys(JSON.parse(headers.get('x-claimcache-claims') ?? ''))).toEqual(['tenant', 'role']);
    }
  });

  check('is asked anew by a person after their write, and by nobody else', async () => {
    await orders(ALICE);
    await orders(BOB);
    const headers = { 'content-type': 'application/json' };
    const written = await edge.fetch('/api/orders', {
      ...ALICE,
      method: 'POST',
      headers,
      body: '{"what":"a rug"}',
    });
    expect(written.status).toBe(201);
    expect(await orders(ALICE)).toEqual([200, 'MISS', 'a lamp, a rug']);
    expect((await orders(BOB))[1]).toBe('HIT');
  });

  check('purges one person by itself, when another system has changed their data', async () => {
    await orders(ALICE);
    await orders(BOB);
    const shipped = { method: 'POST', headers: HOOK, body: '{"sub":"42"}' };
    const stranger = { ...shipped, headers: { ...HOOK, 'x-hook-secret': 'another' } };
    expect((await edge.fetch('/hooks/shipped', stranger)).status).toBe(403);
    expect(api.purgedKeys()).toEqual([]);
    expect((await edge.fetch('/hooks/shipped', shipped)).status).toBe(204);
    expect(api.breaches).toEqual([]);
    // What Fastly does with the keys.
    const keys = api.purgedKeys().splice(0);
    expect(keys).toEqual(['user:42']);
    await edge.purgeKeys(...keys);
    expect(await orders(ALICE)).toEqual([200, 'MISS', 'a lamp (shipped), a rug (shipped)']);
    expect((await orders(BOB))[1]).toBe('HIT');
  });

  check('has a shared page purged by its own surrogate key', async () => {
    await edge.fetch('/api/report', ALICE);
    await edge.purgeKeys('reports');
    expect((await edge.fetch('/api/report', ALICE)).headers.get('x-cache')).toBe('MISS');
  });
});

describe('docs/how-to/frameworks/django-flask.md', () => {
  it.for(['Flask', 'Django'])('what it shows of %s compiles', (heading, { skip }) => {
    const to = path.join(folder, `compiled-${heading}`);
    mkdirSync(to, { recursive: true });
    const names = writeBlocks(to, blocksOf('how-to/frameworks/django-flask.md', 'python', heading));
    expect(names).toEqual(['app.py']);
    const { error, status, stderr } = spawnSync('python3', ['-m', 'py_compile', ...names], { cwd: to });
    if (error !== undefined) skip('python3 is not here');
    expect(status, String(stderr)).toBe(0);
  });
});
