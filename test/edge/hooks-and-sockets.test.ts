import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookCurl } from '../../cli/dev/hook-curl.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { PEOPLE, type Person } from '../site/people.ts';
import { buildService } from '../support/build-service.ts';
import {
  CLERK_EVENT,
  CONTENTFUL_ENTRY,
  SANITY_DOCUMENT,
  STRAPI_ENTRY,
  STRIPE_EVENT,
  WOOCOMMERCE_PRODUCT,
} from '../support/deliveries.ts';
import {
  sentByStrapi,
  signedByContentful,
  signedBySanity,
  signedByStandard,
  signedByStripe,
  signedByWoocommerce,
  signedPlain,
} from '../support/sign-delivery.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import policySource from './policies/hooks-and-sockets.ts';
import { ask, loggedBy, tokenOf } from './support/client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const run = promisify(execFile);
const [alice, bob] = PEOPLE as [Person, Person];
const SECRET = 'the-secret-of-senders-and-the-edge';
const STANDARD_SECRET = `whsec_${Buffer.from('thirty-two bytes of a good secret').toString('base64')}`;
const policy = compilePolicy(policySource);

let origin: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  const service = { name: 'hooks-and-sockets', policy: 'test/edge/policies/hooks-and-sockets.ts' };
  const wasm = await buildService(service);
  origin = await startScriptedOrigin();
  const names = [...policy.purgeHooks.values()].map(({ item }) => [item, SECRET]);
  edge = await startEdge({
    originUrl: origin.url,
    wasm,
    secrets: { ...Object.fromEntries(names), hook_clerk: STANDARD_SECRET },
  });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

const text = (value: unknown) => JSON.stringify(value);
const hookPath = (name: string) => `/.edge/purge/hook/${name}`;
const deliver = (name: string, body: string, headers: Readonly<Record<string, string>>) =>
  ask(edge, null, hookPath(name), { method: 'POST', headers: { ...headers }, body });

describe('POST /.edge/purge/hook/<name>', () => {
  it("a back end's delivery purges the person whom it names by a number, and nobody else", async () => {
    origin.answer(page({ 'cache-control': 'max-age=300' }));
    const [hers, his] = [await tokenOf(alice), await tokenOf(bob)];
    const target = '/own/page';
    for (const token of [hers, his]) await ask(edge, token, target);
    expect((await ask(edge, hers, target)).cache).toBe('HIT');
    const body = text({ data: { customer: { id: Number(alice.sub) } } });
    const lines = await loggedBy(edge, async () => {
      const answer = await deliver('own', body, signedPlain(body, SECRET));
      expect([answer.status, answer.json()]).toEqual([200, { purged: 1, soft: false }]);
    });
    expect(lines).toMatchObject([
      { lane: 'operator', reason: 'purge-hook', route: 'own', status: 200, purged: 1, code: null },
    ]);
    expect((await ask(edge, hers, target)).cache).toBe('MISS');
    expect((await ask(edge, his, target)).cache).toBe('HIT');
  });

  it.each<
    [
      string,
      string,
      Readonly<Record<string, string>>,
      () => Promise<Readonly<Record<string, string>>>,
      string,
    ]
  >([
    [
      'contentful',
      text(CONTENTFUL_ENTRY),
      { 'surrogate-key': `entry:${CONTENTFUL_ENTRY.sys.id} other` },
      async () => signedByContentful(text(CONTENTFUL_ENTRY), SECRET, hookPath('contentful')),
      '/pages/contentful',
    ],
    [
      'sanity',
      text(SANITY_DOCUMENT),
      {},
      async () => signedBySanity(text(SANITY_DOCUMENT), SECRET),
      `/pages/${SANITY_DOCUMENT.slug.current}`,
    ],
    [
      'shop',
      text(WOOCOMMERCE_PRODUCT),
      {},
      async () => signedByWoocommerce(text(WOOCOMMERCE_PRODUCT), SECRET),
      '/product/ship-your-idea/',
    ],
    [
      'shop',
      text(WOOCOMMERCE_PRODUCT),
      { 'cache-tag': 'category:14' },
      async () => signedByWoocommerce(text(WOOCOMMERCE_PRODUCT), SECRET),
      '/pages/t-shirts',
    ],
  ])(
    'a delivery of %s purges the page, and a forged one does not',
    async (name, body, tags, sign, target) => {
      origin.answer(page({ 'cache-control': 'max-age=300', ...tags }));
      const visit = async () =>
        (await ask(edge, null, target, { headers: { host: 'www.example.com' } })).cache;
      await visit();
      expect(await visit()).toBe('HIT');
      const headers = await sign();
      for (const forged of [`${body} `, text({ ...JSON.parse(body), more: 1 })])
        expect((await deliver(name, forged, headers)).status).toBe(401);
      expect(await visit()).toBe('HIT');
      expect((await deliver(name, body, headers)).status).toBe(200);
      expect(await visit()).toBe('MISS');
      // Sent again it purges again.
      expect((await deliver(name, body, headers)).status).toBe(200);
      expect(await visit()).toBe('MISS');
    },
  );

  it('a soft one leaves the page to be served while it is fetched again', async () => {
    origin.answer(page({ 'cache-control': 'max-age=300', 'surrogate-key': 'article:42' }));
    const visit = async () => (await ask(edge, null, '/pages/article')).cache;
    await visit();
    expect(await visit()).toBe('HIT');
    const answer = await deliver('strapi', text(STRAPI_ENTRY), sentByStrapi(SECRET));
    expect([answer.status, answer.json()]).toEqual([200, { purged: 1, soft: true }]);
    expect(await visit()).toBe('STALE');
  });

  it('signatures of several codes, and keys in base64, are verified by the host too', async () => {
    const stripe = await deliver(
      'stripe',
      text(STRIPE_EVENT),
      signedByStripe(text(STRIPE_EVENT), ['x', SECRET]),
    );
    expect(stripe.json()).toEqual({ purged: 1, soft: false });
    const clerk = await deliver(
      'clerk',
      text(CLERK_EVENT),
      signedByStandard(text(CLERK_EVENT), STANDARD_SECRET, 'svix'),
    );
    expect(clerk.json()).toEqual({ purged: 1, soft: false });
  });

  it('an old time, a wrong name and a wrong secret are one answer; the log says which', async () => {
    const body = text({ data: { customer: { id: 42 } } });
    const refused: [string, Readonly<Record<string, string>>][] = [
      ['own', signedPlain(body, SECRET, Date.now() - 400_000)],
      ['other', signedPlain(body, SECRET)],
      ['own', signedPlain(body, `${SECRET}!`)],
      ['strapi', sentByStrapi(`${SECRET}!`)],
    ];
    const answers: string[] = [];
    const lines = await loggedBy(edge, async () => {
      for (const [name, headers] of refused) {
        const answer = await deliver(name, body, headers);
        const { requestId, ...told } = answer.json<{ requestId: string }>();
        expect(requestId).not.toBe('');
        answers.push(text([answer.status, told]));
      }
    });
    expect(new Set(answers)).toEqual(
      new Set([text([401, { type: 'about:blank', title: 'Authentication required', status: 401 }])]),
    );
    expect(lines.map(({ code }) => code)).toEqual(Array(4).fill('ERR_HOOK_REFUSED'));
    expect(lines.map(({ cause }) => cause)).toEqual([
      expect.stringContaining('own: the timestamp is too old'),
      expect.stringContaining('there is no hook of this name'),
      expect.stringContaining('own: the signature does not match'),
      expect.stringContaining('strapi: another token'),
    ]);
    expect(text(lines)).not.toContain(SECRET);
  });

  it('a body that is too large, no JSON or read in two ways is refused', async () => {
    const large = text({ data: { customer: { id: 'x'.repeat(300_000) } } });
    expect((await deliver('own', large, signedPlain(large, SECRET))).status).toBe(413);
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    for (const body of ['{"a":', '{"data":1,"data":2}', deep, '\ud800'])
      expect((await deliver('own', body, signedPlain(body, SECRET))).status, body.slice(0, 9)).toBe(400);
    const proto = '{"__proto__":{"data":{"customer":{"id":1}}},"text":"� {[:"}';
    expect((await deliver('own', proto, signedPlain(proto, SECRET))).json()).toEqual({
      purged: 0,
      soft: false,
    });
  });

  it('what `claimcache dev` prints for each hook is signed as its sender would', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'claimcache-hooks-'));
    try {
      writeFileSync(path.join(folder, 'secret'), SECRET);
      writeFileSync(path.join(folder, 'standard'), STANDARD_SECRET);
      for (const hook of policy.purgeHooks.values()) {
        const command = hookCurl(hook, edge.url, hook.name === 'clerk' ? 'standard' : 'secret');
        const { stdout } = await run('sh', ['-c', command], { cwd: folder });
        expect(stdout, `${command}\n${stdout}`).toMatch(/^HTTP\/1\.1 (?:200|400) /);
        // The sample of a whole URL is none, and only who was verified is told so.
        if (hook.name !== 'shop') expect(stdout).toContain('"purged":1');
        else expect(stdout).toContain('Of purge.0 not all could be purged');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('who sends too often is told so, though the rate limiter cannot be had', async () => {
    let answer = await deliver('other', '{}', {});
    for (let i = 0; i < 100 && answer.status !== 429; i++) answer = await deliver('other', '{}', {});
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60']);
  });
});
