import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { surrogateKey } from '../../../src/keys/surrogate-key.ts';
import { whyNotSigned } from '../../../src/operator/hooks/verify-delivery.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { PolicyInput } from '../../../src/policy/policy.ts';
import { compileSignature } from '../../../src/policy/purge-hooks/hook-signature.ts';
import {
  contentful,
  github,
  sanity,
  standardWebhooks,
  strapi,
  stripe,
  woocommerce,
} from '../../../src/policy/purge-hooks/presets/index.ts';
import { createRequestHandler } from '../../../src/request/handle-request.ts';
import type { LogRecord } from '../../../src/request/log-record.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';
import {
  CLERK_EVENT,
  CONTENTFUL_DELETED,
  CONTENTFUL_ENTRY,
  SANITY_DOCUMENT,
  STRAPI_ENTRY,
  STRIPE_EVENT,
  WOOCOMMERCE_ACTION,
  WOOCOMMERCE_PRODUCT,
} from '../../support/deliveries.ts';
import {
  sentByStrapi,
  signedByContentful,
  signedByGithub,
  signedBySanity,
  signedByStandard,
  signedByStripe,
  signedByWoocommerce,
  signedByContentful as signedContentful,
  signedPlain,
} from '../../support/sign-delivery.ts';

const SECRET = 'a-secret-of-the-sender-and-the-edge';
const STANDARD_SECRET = `whsec_${Buffer.from('thirty-two bytes of a good secret').toString('base64')}`;

const POLICY = {
  origins: { app: { backend: 'origin' } },
  providers: {
    app: { algorithms: ['HS256'], keys: { secretStore: 's', item: 'k', format: 'raw' } },
  },
  scopes: {
    user: { claims: 'sub' },
    team: { claims: ['tenant.id', 'role'], shared: true },
  },
  routes: { orders: { path: '/api/orders', scope: 'user' } },
  purgeHooks: {
    own: {
      signature: {
        header: 'X-Signature',
        encoding: 'hex',
        prefix: 'sha256=',
        timestamp: { header: 'x-time' },
      },
      purge: [
        { scope: 'user', value: 'data.customer.id' },
        { scope: 'user', value: 'users.*.id' },
        { scope: 'team', values: ['team.tenant', 'team.role'] },
        { key: 'page:{slug}' },
      ],
      bodyBytes: 20_000,
    },
    contentful: {
      signature: contentful(),
      purge: [
        { key: 'entry:{sys.id}' },
        { key: 'tag:{metadata.tags.*.sys.id}' },
        { url: 'WWW.example.com/blog/{fields.slug.de-DE}' },
      ],
    },
    sanity: {
      signature: sanity(),
      purge: [{ url: 'www.example.com/{slug.current}' }, { key: 'cat:{categories.*._ref}' }],
    },
    strapi: { signature: strapi(), purge: [{ key: 'article:{entry.id}' }], soft: true },
    shop: {
      signature: woocommerce(),
      purge: [{ url: '{permalink}' }, { key: 'post:{arg}' }, { key: 'category:{categories.*.id}' }],
    },
    github: { signature: github(), purge: [{ route: 'orders' }] },
    stripe: { signature: stripe(), purge: [{ scope: 'user', value: 'data.object.metadata.user' }] },
    clerk: { signature: standardWebhooks({ fields: 'svix' }), purge: [{ scope: 'user', value: 'data.id' }] },
  },
  hookLimit: { count: 1000 },
} as const satisfies PolicyInput;

// Deliveries are signed while the tests are named: on a busy machine long before they are sent.
vi.useFakeTimers({ toFake: ['Date'] });
afterAll(() => void vi.useRealTimers());

let lines: LogRecord[];
let purged: string[];

beforeEach(() => {
  lines = [];
  purged = [];
});

function start(changes: Partial<Platform> = {}, policyChanges: Partial<PolicyInput> = {}) {
  const policy = compilePolicy({ ...POLICY, ...policyChanges });
  const platform = memoryPlatform({
    log: (_, line) => void lines.push(JSON.parse(line)),
    purge: (key, soft) => void purged.push(soft ? `soft ${key}` : key),
    secret: async (_, item) => (item === 'hook_clerk' ? STANDARD_SECRET : SECRET),
    ...changes,
  });
  const app = createRequestHandler(policy, routerOf(policy), platform);
  return (
    name: string,
    body: string,
    headers: Readonly<Record<string, string>> | [string, string][],
    { method = 'POST', query = '' } = {},
  ) =>
    app({
      request: new Request(`https://www.test/.edge/purge/hook/${name}${query}`, {
        method,
        headers: [
          ['host', 'www.test'],
          ['content-length', String(Buffer.byteLength(body))],
          ...(Array.isArray(headers) ? headers : Object.entries(headers)),
        ],
        body: method === 'GET' ? null : body,
      }),
      requestId: 'request-1',
      clientAddress: '192.0.2.1',
      waitUntil: () => {},
      vcpuMs: () => null,
    });
}

const text = (value: unknown) => JSON.stringify(value);
const pathOf = (name: string) => `/.edge/purge/hook/${name}`;
/** To the hook `own`, with a good signature. */
const own = (value: unknown, send = start()) => {
  const body = typeof value === 'string' ? value : text(value);
  return send('own', body, signedPlain(body, SECRET));
};

describe('a delivery with a good signature purges what its body names', () => {
  const entry = text(CONTENTFUL_ENTRY);
  const product = text(WOOCOMMERCE_PRODUCT);
  it.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'contentful',
      entry,
      signedByContentful(entry, SECRET, pathOf('contentful')),
      ['entry:5PeGS2SoZGSa4GuiQsigQu', 'tag:news', 'tag:front', 'url:www.example.com/blog/gr%C3%BC%C3%9Fe'],
    ],
    [
      'contentful',
      text(CONTENTFUL_DELETED),
      signedByContentful(text(CONTENTFUL_DELETED), SECRET, pathOf('contentful')),
      ['entry:5PeGS2SoZGSa4GuiQsigQu'],
    ],
    [
      'sanity',
      text(SANITY_DOCUMENT),
      signedBySanity(text(SANITY_DOCUMENT), SECRET),
      ['url:www.example.com/guides/first-steps', 'cat:cat-a', 'cat:cat-b'],
    ],
    ['strapi', text(STRAPI_ENTRY), sentByStrapi(SECRET), ['soft article:42']],
    [
      'shop',
      product,
      signedByWoocommerce(product, SECRET),
      [
        'url:www.example.com/product/ship-your-idea/',
        'url:www.example.com/product/ship-your-idea',
        'category:9',
        'category:14',
      ],
    ],
    [
      'shop',
      text(WOOCOMMERCE_ACTION),
      signedByWoocommerce(text(WOOCOMMERCE_ACTION), SECRET, 'action.save_post'),
      ['post:1138'],
    ],
    [
      'github',
      '{"ref":"refs/heads/main"}',
      signedByGithub('{"ref":"refs/heads/main"}', SECRET),
      ['route:orders'],
    ],
    [
      'stripe',
      text(STRIPE_EVENT),
      signedByStripe(text(STRIPE_EVENT), ['a secret that is gone', SECRET]),
      ['user:42'],
    ],
    [
      'clerk',
      text(CLERK_EVENT),
      signedByStandard(text(CLERK_EVENT), STANDARD_SECRET, 'svix'),
      ['user:user_29w83sxmDNGwOuEthce5gg56FcC'],
    ],
  ])('%s: %.40s', async (name, body, headers, keys) => {
    const answer = await start()(name, body, headers);
    expect(answer.status).toBe(200);
    for (const key of keys) expect(purged).toContain(key);
    expect(purged.filter((key) => !key.includes('url:')).length).toBe(
      keys.filter((key) => !key.includes('url:')).length,
    );
    // What the keys are stays here.
    expect(await answer.json()).toEqual({ purged: purged.length, soft: name === 'strapi' });
    expect(answer.headers.get('cache-control')).toContain('no-store');
    expect(lines).toMatchObject([
      { lane: 'operator', reason: 'purge-hook', route: name, status: 200, code: null, purged: purged.length },
    ]);
    expect(text(lines)).not.toMatch(/5PeGS2|ship-your|user_29w|user:42/);
  });

  it('a number, a text, and a claim of either type are one person', async () => {
    for (const id of [42, '42', 42.0]) await own({ data: { customer: { id } } });
    expect(purged).toEqual(['user:42', 'user:42', 'user:42']);
    expect(surrogateKey('user', [42])).toBe('user:42');
  });

  it('of several values each type is meant, for their key has the types in it', async () => {
    await own({ team: { tenant: '7', role: 'member' } });
    expect(purged).toEqual([surrogateKey('team', ['7', 'member']), surrogateKey('team', [7, 'member'])]);
    purged = [];
    await own({ team: { tenant: 7, role: true } });
    expect(purged).toContain(surrogateKey('team', [7, true]));
    expect(purged).toContain(surrogateKey('team', ['7', 'true']));
  });

  it('a value that is not plain is hashed, by the rule of the scope', async () => {
    await own({ data: { customer: { id: 'auth0|abc' } } });
    expect(purged).toEqual(['user:~WGoZdHiA_QIfwcYxfVtI5yF6B9haLmo6YVyb_T5BQRo']);
  });

  it('sent again it purges again, and nothing else', async () => {
    const send = start();
    const body = text({ data: { customer: { id: 1 } } });
    const headers = signedPlain(body, SECRET);
    for (let i = 0; i < 3; i++) expect((await send('own', body, headers)).status).toBe(200);
    expect(purged).toEqual(['user:1', 'user:1', 'user:1']);
  });

  it('a body in which no rule finds anything is fine: the log says so', async () => {
    expect((await own({ data: { customer: null }, slug: '', users: [] })).status).toBe(200);
    expect(lines).toMatchObject([{ detail: 'nothing-named', purged: 0 }]);
  });
});

describe('who is not the sender purges nothing', () => {
  const body = text({ data: { customer: { id: 42 } } });
  const good = () => signedPlain(body, SECRET);
  const entry = text(CONTENTFUL_ENTRY);
  const atContentful = (change: (headers: Record<string, string>) => object) =>
    ({ ...change({ ...signedContentful(entry, SECRET, pathOf('contentful')) }) }) as Record<string, string>;

  it.each<[string, string, string, Readonly<Record<string, string>> | [string, string][], string]>([
    ['no signature', 'own', body, { 'content-type': 'application/json', 'x-time': '1' }, 'no x-signature'],
    [
      'another secret',
      'own',
      body,
      signedPlain(body, 'another secret altogether'),
      'the signature does not match',
    ],
    ['another body', 'own', `${body} `, good(), 'the signature does not match'],
    [
      'another time',
      'own',
      body,
      { ...good(), 'x-time': String(Math.floor(Date.now() / 1000) + 7) },
      'the signature does not match',
    ],
    ['an old time', 'own', body, signedPlain(body, SECRET, Date.now() - 301_000), 'the timestamp is too old'],
    [
      'a time to come',
      'own',
      body,
      signedPlain(body, SECRET, Date.now() + 310_000),
      'the timestamp is of the future',
    ],
    ['no time', 'own', body, { ...good(), 'x-time': '' }, 'no time in x-time'],
    ['a time that is none', 'own', body, { ...good(), 'x-time': '1e12' }, 'no time in x-time'],
    [
      'no prefix',
      'own',
      body,
      { ...good(), 'x-signature': good()['x-signature']?.slice(7) ?? '' },
      'x-signature does not begin with the prefix',
    ],
    [
      'an empty signature',
      'own',
      body,
      { ...good(), 'x-signature': 'sha256=' },
      'the signature does not match',
    ],
    [
      'two signatures',
      'own',
      body,
      [...Object.entries(good()), ['x-signature', good()['x-signature'] ?? '']],
      'the signature does not match',
    ],
    [
      'two times',
      'own',
      body,
      [...Object.entries(good()), ['x-time', good()['x-time'] ?? '']],
      'no time in x-time',
    ],
    ['another hook of the same secret', 'github', body, good(), 'no x-hub-signature-256'],
    ['a name that no hook has', 'other', body, good(), 'there is no hook of this name'],
    ['a name of every object', 'constructor', body, good(), 'there is no hook of this name'],
    ['no name', '', body, good(), 'there is no hook of this name'],
    [
      'a field that Contentful signed is another',
      'contentful',
      entry,
      atContentful((h) => ({ ...h, 'x-contentful-topic': 'x' })),
      'the signature does not match',
    ],
    [
      'a list of fewer fields',
      'contentful',
      entry,
      atContentful((h) => ({
        ...h,
        'x-contentful-signed-headers': 'x-contentful-signed-headers,x-contentful-timestamp',
      })),
      'the signature does not match',
    ],
    [
      'a later time at Contentful',
      'contentful',
      entry,
      atContentful((h) => ({ ...h, 'x-contentful-timestamp': String(Date.now() + 1) })),
      'the signature does not match',
    ],
    [
      'signed for another path',
      'contentful',
      entry,
      signedContentful(entry, SECRET, pathOf('sanity')),
      'the signature does not match',
    ],
    [
      'an old one of Contentful',
      'contentful',
      entry,
      signedContentful(entry, SECRET, pathOf('contentful'), Date.now() - 400_000),
      'the timestamp is too old',
    ],
    [
      'a time beside the signed one',
      'sanity',
      '{}',
      {
        'content-type': 'application/json',
        'sanity-webhook-signature': `t=${Date.now()},${signedBySanity('{}', SECRET)['sanity-webhook-signature']}`,
      },
      'no single time t in the signature',
    ],
    [
      'another version of the scheme',
      'sanity',
      '{}',
      {
        'content-type': 'application/json',
        'sanity-webhook-signature':
          signedBySanity('{}', SECRET)['sanity-webhook-signature']?.replace('v1=', 'v5=') ?? '',
      },
      'the signature does not match',
    ],
    [
      'seconds in the place of milliseconds',
      'sanity',
      '{}',
      signedBySanity('{}', SECRET, Math.floor(Date.now() / 1000)),
      'the timestamp is too old',
    ],
    ['another token', 'strapi', body, sentByStrapi(`${SECRET}x`), 'another token'],
    [
      'a token without its scheme',
      'strapi',
      body,
      { ...sentByStrapi(SECRET), authorization: SECRET },
      'another token',
    ],
    [
      'a signature in hex',
      'shop',
      body,
      { ...signedByWoocommerce(body, SECRET), 'x-wc-webhook-signature': 'ab'.repeat(32) },
      'the signature does not match',
    ],
    [
      'the unsigned ping of WooCommerce',
      'shop',
      'webhook_id=7',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'no x-wc-webhook-signature',
    ],
    [
      'no id',
      'clerk',
      '{}',
      { ...signedByStandard('{}', STANDARD_SECRET, 'svix'), 'svix-id': '' },
      'no id of the message',
    ],
    [
      'an id with another end',
      'clerk',
      '{}',
      { ...signedByStandard('{}', STANDARD_SECRET, 'svix'), 'svix-id': 'msg_1.2' },
      'the signature does not match',
    ],
  ])('%s', async (_what, name, sent, headers, why) => {
    const answer = await start()(name, sent, headers);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Authentication required',
      status: 401,
      requestId: 'request-1',
    });
    expect(purged).toEqual([]);
    expect(lines).toMatchObject([{ reason: 'purge-hook', code: 'ERR_HOOK_REFUSED', state: 'ERROR' }]);
    expect(lines[0]?.cause).toContain(why);
    expect(text(lines)).not.toContain(SECRET);
  });

  it.each<[string, string | null]>([
    ['is missing', null],
    ['is missing', ''],
    ['has fewer than 16 characters', 'short'],
  ])('where the secret %s nobody is the sender, and the log says so', async (why, secret) => {
    const headers = signedPlain(body, secret ?? '');
    expect((await start({ secret: async () => secret })('own', body, headers)).status).toBe(401);
    expect(
      (await start({ secret: async () => secret })('strapi', body, sentByStrapi(secret ?? ''))).status,
    ).toBe(401);
    expect(lines[0]?.cause).toContain(`the secret hook_own ${why}`);
  });

  it('where the store is down the sender is told to come again', async () => {
    const secret = async () => {
      throw new Error('down');
    };
    expect((await start({ secret })('own', body, good())).status).toBe(503);
  });

  it('a secret that is not in the form of Standard Webhooks fits nothing', async () => {
    const sent = signedByStandard('{}', STANDARD_SECRET, 'svix');
    expect((await start({ secret: async () => STANDARD_SECRET.slice(6) })('clerk', '{}', sent)).status).toBe(
      401,
    );
    expect(lines[0]?.cause).toContain('whsec_');
  });

  it('a body that is too long is answered alike, whether there is such a hook or not', async () => {
    const body = text({ data: 'x'.repeat(300_000) });
    const statuses = [];
    for (const name of ['contentful', 'nobody'])
      statuses.push((await start()(name, body, signedPlain(body, SECRET))).status);
    expect(statuses).toEqual([413, 413]);
  });

  it('by another method, and where the policy has no hooks, there is nothing', async () => {
    const wrong = await start()('own', body, good(), { method: 'PUT' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await start()('own', body, good(), { method: 'GET' })).status).toBe(405);
    expect((await start({}, { purgeHooks: {} })('own', body, good())).status).toBe(404);
    expect(purged).toEqual([]);
  });

  it('who sends too often is told when to come again, before anything is read', async () => {
    const send = start({}, { hookLimit: { count: 2, blockMinutes: 3 } });
    for (let i = 0; i < 2; i++) expect((await send('other', body, good())).status).toBe(401);
    const late = await send('own', body, good());
    expect([late.status, late.headers.get('retry-after')]).toEqual([429, '180']);
    expect(purged).toEqual([]);
  });
});

describe('what a signed body cannot do', () => {
  it.each<[string, string]>([
    ['is no JSON', '{"data":'],
    ['is empty', ''],
    ['has a member twice', '{"data":{"customer":{"id":1}},"data":{"customer":{"id":2}}}'],
    ['nests too deep', `${'{"a":'.repeat(201)}1${'}'.repeat(201)}`],
    ['nests as deep as it is long', `${'['.repeat(9_000)}${']'.repeat(9_000)}`],
  ])('one that %s is refused, with a word for the sender', async (_what, body) => {
    const answer = await own(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/^The body /) });
    expect(purged).toEqual([]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'of the content type "%s" it is refused',
    async (type) => {
      const body = '{"data":{"customer":{"id":1}}}';
      const answer = await start()('own', body, { ...signedPlain(body, SECRET), 'content-type': type });
      expect(answer.status).toBe(400);
      expect(purged).toEqual([]);
    },
  );

  it('a larger one than the hook takes is not read to its end', async () => {
    expect((await own({ slug: 'x'.repeat(20_001) })).status).toBe(413);
    expect(purged).toEqual([]);
  });

  it('brackets and colons in texts count for nothing', async () => {
    expect((await own({ slug: 'a', text: '{[:"'.repeat(300) })).status).toBe(200);
    expect(purged).toEqual(['page:a']);
  });

  it('members of every object lead nowhere', async () => {
    const own1 =
      '{"__proto__":{"customer":{"id":1}},"constructor":{"id":2},"slug":"x","data":{"__proto__":{"customer":{"id":3}}}}';
    expect((await own(own1)).status).toBe(200);
    expect(purged).toEqual(['page:x']);
    const hook = (path: string) =>
      start({}, { purgeHooks: { own: { ...POLICY.purgeHooks.own, purge: [{ key: `p:{${path}}` }] } } });
    purged = [];
    for (const path of ['constructor.name', '__proto__.constructor.name', 'toString', 'list.length'])
      await own({ list: [1] }, hook(path));
    expect(purged).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['a number that JavaScript does not hold', '{"data":{"customer":{"id":9007199254740993}}}'],
    ['a fraction', { data: { customer: { id: 4.2 } } }],
    ['an object', { data: { customer: { id: { eq: 42 } } } }],
    ['a list in a list', { data: { customer: { id: [[42]] } } }],
    ['half a character', '{"data":{"customer":{"id":"\\ud800"}}}'],
    ['a text of more than 1 KiB', { data: { customer: { id: 'x'.repeat(1025) } } }],
    ['a key with a blank', { slug: 'a user:42' }],
    ['a key with a line end', { slug: 'a\nuser:42' }],
    ['a key that is not ASCII', { slug: 'ü' }],
  ])('%s is no value: the rest is purged, and the sender told', async (_what, value) => {
    const body = typeof value === 'string' ? value : text(value);
    const answer = await own(body.replace(/\}$/, ',"users":[{"id":"other"}]}'));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(/^Of purge\.[03] not all/) });
    expect(purged).toEqual(['user:other']);
    expect(lines).toMatchObject([{ code: 'ERR_REQUEST_MALFORMED', status: 400 }]);
  });

  it('a value cannot name another kind of key', async () => {
    await own({ slug: 'x,user:42' });
    await own({ slug: 'user:42' });
    await own({ data: { customer: { id: '42 route:orders' } } });
    expect(purged.slice(0, 2)).toEqual(['page:x,user:42', 'page:user:42']);
    expect(purged[2]).toMatch(/^user:~[\w-]{43}$/);
  });

  it('nor a page beside the one that is meant', async () => {
    const send = start(
      {},
      {
        purgeHooks: {
          own: {
            ...POLICY.purgeHooks.own,
            purge: [{ url: 'www.example.com/blog/{slug}' }, { url: '{link}' }],
          },
        },
      },
    );
    expect((await own({ slug: '../admin' }, send)).status).toBe(400);
    expect((await own({ slug: 'a/%2e%2e/b' }, send)).status).toBe(400);
    expect((await own({ link: 'javascript:alert(1)' }, send)).status).toBe(400);
    expect(purged).toEqual([]);
    expect((await own({ slug: 'a?b#c' }, send)).status).toBe(200);
    expect(purged).toContain('url:www.example.com/blog/a%3Fb%23c');
  });

  it('more than 256 keys come of no delivery', async () => {
    const users = Array.from({ length: 900 }, (_, id) => ({ id }));
    expect((await own({ users })).status).toBe(400);
    expect(purged).toHaveLength(256);
  });

  it('a value that stands there often is one', async () => {
    const users = Array.from({ length: 900 }, (_, i) => ({ id: i < 899 ? 'one' : 'other' }));
    expect((await own({ users })).status).toBe(200);
    expect(purged).toEqual(['user:one', 'user:other']);
  });

  it('what is left of a list that is too long is told', async () => {
    const users = Array.from({ length: 1100 }, () => ({ id: 'one' }));
    expect((await own({ users })).status).toBe(400);
    expect(purged).toEqual(['user:one']);
  });

  it('a list that meets one without an end is not walked', async () => {
    const template = Array.from({ length: 8 }, () => '{a}').join('-');
    const send = start(
      {},
      { purgeHooks: { own: { ...POLICY.purgeHooks.own, purge: [{ key: `p:${template}-{b}` }] } } },
    );
    expect((await own({ a: Array.from({ length: 200 }, () => 'x'), b: [] }, send)).status).toBe(200);
    expect(purged).toEqual([]);
  });

  it('lists that meet each other end', async () => {
    const send = start(
      {},
      {
        purgeHooks: { own: { ...POLICY.purgeHooks.own, purge: [{ key: 'p:{a}-{a}-{a}-{a}' }] } },
      },
    );
    expect((await own({ a: Array.from({ length: 200 }, () => 'x') }, send)).status).toBe(400);
    expect(purged).toEqual(['p:x-x-x-x']);
  });
});

describe('the signatures of others', () => {
  const verify = (
    signature: Parameters<typeof compileSignature>[0],
    secret: string,
    headers: object,
    body: string,
    nowMs: number,
  ) =>
    whyNotSigned(
      compileSignature(signature),
      secret,
      { path: '/', headers: new Headers(headers as Record<string, string>) },
      new TextEncoder().encode(body),
      nowMs,
    );

  // The vectors of `test/signature.test.ts` in sanity-io/webhook-toolkit.
  it.each([
    [
      '{"_id":"resume"}',
      'test',
      't=1633519811129,v1=tLa470fx7qkLLEcMOcEUFuBbRSkGujyskxrNXcoh0N0',
      1633519811129,
    ],
    [
      '{"title":"GROQ-Hooks are neat"}',
      'try-me',
      't=1633518820676, v1=e7C9h2sfbFfc4V7TEz7PSOp4IoNzl0UdVsBV-1wgdeA',
      1633518820676,
    ],
  ])("Sanity's own vector %s", async (body, secret, sent, nowMs) => {
    const headers = { 'sanity-webhook-signature': sent };
    expect(await verify(sanity(), secret, headers, body, nowMs + 1000)).toBeNull();
    expect(await verify(sanity(), secret, headers, body, nowMs + 3_601_000)).toBe('the timestamp is too old');
    expect(await verify(sanity(), secret, headers, `${body} `, nowMs)).toBe('the signature does not match');
  });

  // GitHub documentation, "Validating webhook deliveries: Testing the webhook payload validation".
  it("GitHub's own vector", async () => {
    const headers = {
      'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    };
    expect(await verify(github(), "It's a Secret to Everybody", headers, 'Hello, World!', 0)).toBeNull();
  });

  it.each(['sha384', 'sha512'] as const)('%s, in upper case, of a text of its own', async (algorithm) => {
    const { createHmac } = await import('node:crypto');
    const code = createHmac(algorithm, SECRET).update('v0:1700000000:{}').digest('hex').toUpperCase();
    const signature = {
      header: 'x-s',
      encoding: 'hex',
      algorithm,
      timestamp: { header: 'x-t' },
      signed: 'v0:{timestamp}:{body}',
    } as const;
    const headers = { 'x-s': code, 'x-t': '1700000000' };
    expect(await verify(signature, SECRET, headers, '{}', 1_700_000_000_000)).toBeNull();
  });
});
