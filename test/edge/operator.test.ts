import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { siteKeys } from '../site/keys.ts';
import { canaryOf, PEOPLE, type Person } from '../site/people.ts';
import policySource from '../site/src/policy.ts';
import { type Stack, startStack } from '../support/start-stack.ts';
import { loggedEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { type ScriptedStack, startScriptedStack, VARIANTS } from './support/scripted-stack.ts';

const [alice, bob] = PEOPLE as [Person, Person];
let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await startStack();
  token = await tokenOf(alice);
});
afterAll(() => stack?.stop());

const operator = () => ({ authorization: `Bearer ${stack.operatorToken}` });
const originTotal = async () =>
  ((await (await fetch(`${stack.originUrl}/__origin/requests`)).json()) as { total: number }).total;

async function explained(order: object): Promise<Explanation> {
  const options = { method: 'POST', headers: operator(), body: JSON.stringify(order) };
  const answer = await ask(stack.edge, null, '/.edge/explain', options);
  expect(answer.status, answer.text).toBe(200);
  return answer.json<Explanation>();
}

describe('POST /.edge/explain', () => {
  it('what it says of a request is what then happens to it', async () => {
    const editor = { cookie: 'cms_session=1' };
    const cases: [string, string, Record<string, string>][] = [
      ['GET', unseen('/api/orders'), { authorization: `Bearer ${token}` }],
      ['GET', unseen('/api/team/report'), { authorization: `Bearer ${token}` }],
      ['GET', unseen('/api/dashboard'), { cookie: `session=${token}` }],
      ['GET', '/api/orders', {}],
      ['GET', '/api/orders', { authorization: 'Bearer a.b.c' }],
      ['GET', '/api/payment-methods', { authorization: `Bearer ${token}` }],
      ['GET', unseen('/pages/welcome'), {}],
      ['GET', '/pages/welcome', editor],
      ['GET', '/api/orders%2f7', { authorization: `Bearer ${token}` }],
      ['GET', '/API/orders', {}],
      ['OPTIONS', '/api/orders', {}],
      ['PUT', '/api/profile', { authorization: `Bearer ${token}` }],
    ];
    for (const [method, target, headers] of cases) {
      const told = await explained({ method, path: `${stack.edgeUrl}${target}`, headers });
      const [line] = await loggedBy(stack.edge, () => ask(stack.edge, null, target, { method, headers }));
      const { lane, reason, route, code } = told;
      expect({ lane, reason, route, code }, `${method} ${target}`).toEqual({
        lane: line?.lane,
        reason: line?.reason,
        route: line?.route,
        code: line?.code,
      });
      if (told.key !== null) expect(line?.fingerprint).toBe(told.key.fingerprint);
      if (told.engine !== null) expect(line?.engine).toBe(told.engine);
    }
  });

  it('the ttl that it works out is the one of the stored response', async () => {
    const target = unseen('/api/orders');
    const answer = await ask(stack.edge, token, target);
    expect(answer.cache).toBe('MISS');
    const told = await explained({
      path: target,
      headers: { authorization: `Bearer ${token}` },
      responseHeaders: { 'cache-control': 'private, max-age=900' },
    });
    expect(told.response).toMatchObject({
      stored: true,
      ttlSeconds: 600,
      arithmetic: { field: 'cache-control', source: 'max-age', statedSeconds: 900, maxSeconds: 600 },
      client: { cacheControl: answer.headers['cache-control'] },
    });
  });

  it('it does nothing: the origin hears nothing, and a request that was explained is still a MISS', async () => {
    const target = unseen('/api/orders');
    const headers = { authorization: `Bearer ${token}`, host: new URL(stack.edgeUrl).host };
    const before = await originTotal();
    const told = await explained({
      path: target,
      headers,
      responseHeaders: { 'cache-control': 'max-age=9' },
    });
    expect(told.lane).toBe('scoped');
    await explained({ method: 'PUT', path: '/api/profile', headers });
    expect(await originTotal()).toBe(before);
    expect((await ask(stack.edge, token, target)).cache).toBe('MISS');
  });

  it('values are masked unless they are asked for, and no token stands in the answer or in the log', async () => {
    const order = { path: '/api/orders', headers: { authorization: `Bearer ${token}` } };
    const lines = await loggedBy(stack.edge, async () => {
      const masked = JSON.stringify(await explained(order));
      expect(masked).toContain('user:(masked)');
      expect(masked).not.toContain('user:42');
      expect(masked).not.toContain(token);
      const open = await explained({ ...order, showValues: true });
      expect(open.surrogateKeys).toContain('user:42');
      expect(JSON.stringify(open)).not.toContain(token);
    });
    expect(lines).toMatchObject([{ lane: 'operator' }, { lane: 'operator' }]);
    expect(JSON.stringify(lines)).not.toContain(token);
  });

  it('an expired token is told since when, and one for somebody else what it says and what is expected', async () => {
    const sentBy = async (changes: object, expiresInSeconds: number) => ({
      authorization: `Bearer ${await tokenOf({ ...alice, ...changes } as Person, { expiresInSeconds })}`,
    });
    const old = await explained({ path: '/api/orders', headers: await sentBy({}, -90) });
    expect(old).toMatchObject({
      code: 'ERR_TOKEN_EXPIRED',
      credential: {
        misfits: [
          {
            provider: 'app',
            field: 'exp',
            actual: expect.stringMatching(/^\d{10} \(\d{4}-\d\d-\d\dT[\d:.]+Z\): expired 9\d s ago$/),
          },
        ],
      },
      scope: { lookups: [{ name: 'sub', path: ['sub'], found: null }] },
    });
    expect(JSON.stringify(old)).not.toContain(canaryOf(alice));
    const refused = await ask(stack.edge, null, '/api/orders', { headers: await sentBy({}, -90) });
    expect(refused.status).toBe(401);
    // A client learns that it is too late, and nothing else.
    expect(Object.keys(refused.json()).sort()).toEqual(['requestId', 'status', 'title', 'type']);
    expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(refused.text + JSON.stringify(refused.headers)).not.toMatch(/\d{10}|claimcache-demo|sub\b/);
  });

  it.each([
    ['nobody', async () => ({})],
    ["a user's token", async () => ({ authorization: `Bearer ${await tokenOf(alice)}` })],
  ] as const)('%s is told nothing', async (_who, headers) => {
    for (const [method, target] of [
      ['POST', '/.edge/explain'],
      ['GET', '/.edge/status'],
    ]) {
      const answer = await ask(stack.edge, null, target ?? '', {
        method: method ?? '',
        headers: await headers(),
        ...(method === 'POST' ? { body: '{"path":"/api/orders"}' } : {}),
      });
      expect(answer.status).toBe(401);
      expect(answer.text).not.toMatch(/orders|digest/);
    }
  });
});

describe('POST /.edge/purge', () => {
  it('an order with an unknown name is answered with what there is, to the operator alone', async () => {
    const post = (headers: Record<string, string>) =>
      ask(stack.edge, null, '/.edge/purge', {
        method: 'POST',
        headers,
        body: '{"scope":"usr","value":"42"}',
      });
    const answer = await post(operator());
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
    expect(answer.json<{ detail: string }>().detail).toMatch(
      /^Unknown scope "usr"\. Did you mean "user"\? Known: .*\buser\b.*\.$/,
    );
    const nobody = await post({ authorization: `Bearer ${token}` });
    expect([nobody.status, nobody.text.includes('detail')]).toEqual([401, false]);
  });
});

describe('GET /.edge/status', () => {
  it('tells policy, build, engine and key ids', async () => {
    const answer = await ask(stack.edge, null, '/.edge/status', { headers: operator() });
    expect(answer.headers['cache-control']).toContain('no-store');
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const keys = await siteKeys();
    expect(answer.json()).toMatchObject({
      policy: { digest: compilePolicy(policySource).digest },
      build: { version, builtAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
      engine: loggedEngine(),
      providers: {
        app: { source: 'secretStore', keys: [{ kid: null, algorithms: ['HS256'] }] },
        partner: {
          source: 'configStore',
          keys: [{ kid: keys.partnerJwks.keys[0]?.kid, algorithms: ['RS256'] }],
        },
      },
    });
    for (const secret of [keys.appSecret, keys.operatorToken, keys.fingerprintKey]) {
      expect(answer.text).not.toContain(secret);
    }
  });
});

describe('POST /.edge/purge/me', () => {
  it('empties the caller’s entries and nobody else’s, by header and by cookie, and the origin hears nothing', async () => {
    const [orders, report] = [unseen('/api/orders'), unseen('/api/team/report')];
    const others = await tokenOf(bob);
    const fill = async () => {
      for (const who of [token, others]) {
        for (const target of [orders, report]) await ask(stack.edge, who, target);
      }
    };
    await fill();
    for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `session=${token}` }]) {
      const before = await originTotal();
      const answer = await ask(stack.edge, null, '/.edge/purge/me', { method: 'POST', headers });
      expect(answer.status).toBe(200);
      expect(answer.json()).toEqual({ purged: 1 });
      expect(await originTotal()).toBe(before);
      const mine = await ask(stack.edge, token, orders);
      expect([mine.cache, mine.text]).toEqual(['MISS', expect.stringContaining(canaryOf(alice))]);
      expect((await ask(stack.edge, others, orders)).cache).toBe('HIT');
      // The report is the team's.
      expect((await ask(stack.edge, token, report)).cache).toBe('HIT');
      await fill();
    }
  });

  it('the policy’s ten a minute hold here, though a sandbox of Viceroy serves six requests at most', async () => {
    const carol = await tokenOf({ ...alice, sub: 'somebody-who-purges' });
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      statuses.push((await ask(stack.edge, carol, '/.edge/purge/me', { method: 'POST' })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(200), 429, 429]);
  });

  it('another method is refused with the one that there is', async () => {
    const answer = await ask(stack.edge, token, '/.edge/purge/me');
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST']);
  });

  it('nobody purges without a token, and another site’s page cannot', async () => {
    await ask(stack.edge, token, '/api/orders');
    const post = (headers: Record<string, string>) =>
      ask(stack.edge, null, '/.edge/purge/me', { method: 'POST', headers });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: 'Bearer a.b.c' })).status).toBe(401);
    expect((await post({ cookie: `session=${token}`, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ cookie: `session=${token}`, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await ask(stack.edge, token, '/api/orders')).cache).toBe('HIT');
  });
});

describe('the limit of purging oneself', () => {
  let limited: ScriptedStack;
  beforeAll(async () => {
    limited = await startScriptedStack(VARIANTS);
  });
  afterAll(() => limited?.stop());

  it('more than the policy allows is 429 even here, where the platform limits nobody', async () => {
    const post = (who: string) => ask(limited.edge, who, '/.edge/purge/me', { method: 'POST' });
    const statuses: number[] = [];
    const lines = await loggedBy(limited.edge, async () => {
      // One purge is allowed. Viceroy takes turns with the sandboxes that it has: they count together.
      for (let i = 0; i < 4; i++) statuses.push((await post(token)).status);
    });
    expect(statuses).toEqual([200, 429, 429, 429]);
    expect(lines.at(-1)).toMatchObject({ reason: 'self-purge', code: 'ERR_RATE_LIMITED', purged: 0 });
    expect((await post(await tokenOf(bob))).status).toBe(200);
  });
});
