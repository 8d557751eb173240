import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { type Person, personNamed } from '../site/people.ts';
import { createTokens } from '../site/tokens.ts';
import { buildService } from '../support/build-service.ts';
import { leaseEdgeBefore } from '../support/lease-edge.ts';
import { type Answer, send } from '../support/send.ts';
import type { RunningEdge } from '../support/start-edge.ts';
import { ask as askAt, loggedBy, tokenOf, unseen } from './support/client.ts';
import { leaseShield } from './support/lease-shield.ts';
import type { RelayTap } from './support/relay-tap.ts';
import {
  type Echo,
  echo,
  page,
  type ScriptedOrigin,
  startScriptedOrigin,
} from './support/scripted-origin.ts';

/** One host for all of them: it is part of the key. */
const ask: typeof askAt = (at, who, target, options = {}) =>
  askAt(at, who, target, { ...options, headers: { host: 'www.test', ...options.headers } });
const LOCK = 'secret-of-the-lock';
const SITE = 'pdx-or-us';
const secrets = { shield_key: 'key-of-both-passes', origin_secret: LOCK };
let origin: ScriptedOrigin;
let tap: RelayTap;
let shield: RunningEdge;
let edge: RunningEdge;
let otherEdge: RunningEdge;
let wasm: string;
let alice: string;
let bob: string;

/** Edge and other edge lead to the shield, which is one more instance of the same service, through a tap. */
beforeAll(async () => {
  wasm = await buildService({ name: 'shield', policy: 'test/edge/policies/shield.ts' });
  const local = { wasm, secrets, shieldingSites: { [SITE]: 'local' } };
  ({ shield, origin, tap } = await leaseShield(local, startScriptedOrigin));
  const before = { origin: origin.url, shield: tap.url };
  const options = { wasm, secrets, shieldingSites: { [SITE]: tap.url } };
  edge = await leaseEdgeBefore(before, options);
  otherEdge = await leaseEdgeBefore(before, options);
  const people = ['alice', 'bob'].map(personNamed);
  [alice, bob] = (await Promise.all(
    people.map((person) => tokenOf(person as NonNullable<typeof person>)),
  )) as [string, string];
});
afterEach(() => {
  origin?.answer(echo);
  tap?.lead(shield.url);
});
afterAll(async () => {
  await tap?.stop();
  await origin?.stop();
  for (const one of [edge, otherEdge, shield]) await one?.stop();
});

const fresh = (request: Parameters<typeof echo>[0], response: Parameters<typeof echo>[1]) => {
  response.setHeader('cache-control', 'private, max-age=300');
  echo(request, response);
};
const publicly = (request: Parameters<typeof echo>[0], response: Parameters<typeof echo>[1]) => {
  response.setHeader('cache-control', 'public, max-age=300');
  echo(request, response);
};

describe.each([
  ['a backend', '/page', '/api/orders'],
  ['a location of Fastly’s', '/far/page', '/api/far'],
])('with %s as the shield', (_what, publicPath, scopedPath) => {
  it('two edges ask the origin once, and each line says what it was', async () => {
    origin.answer(publicly);
    const target = unseen(publicPath);
    const before = origin.requests.length;
    let first: string | undefined;
    const atShield = await loggedBy(shield, async () => {
      const atEdge = await loggedBy(edge, async () => {
        const answer = await ask(edge, null, target);
        expect([answer.status, answer.cache]).toEqual([200, 'MISS']);
        expect(JSON.stringify(answer.headers)).not.toContain('claimcache-shield');
        expect((await ask(edge, null, target)).cache).toBe('HIT');
      });
      expect(atEdge).toMatchObject([
        { tier: 'edge', lane: 'public', state: 'MISS', shield: 'MISS' },
        { tier: 'edge', state: 'HIT', shield: null },
      ]);
      first = atEdge[0]?.requestId;
      const [other] = await loggedBy(otherEdge, async () => {
        expect((await ask(otherEdge, null, target)).cache).toBe('MISS');
      });
      expect(other).toMatchObject({ state: 'MISS', shield: 'HIT' });
    });
    expect(atShield).toMatchObject([
      { tier: 'shield', lane: 'public', state: 'MISS', shield: null, requestId: first },
      { tier: 'shield', lane: 'public', state: 'HIT' },
    ]);
    expect(origin.requests.length).toBe(before + 1);
  });

  it('people stay apart behind it, and nobody is verified twice', async () => {
    origin.answer(fresh);
    const target = unseen(scopedPath);
    const of = async (at: RunningEdge, who: string) =>
      (await ask(at, who, target)).json<Echo & { id: string }>();
    const lines = await loggedBy(shield, async () => {
      const [a, b] = [await of(edge, alice), await of(edge, bob)];
      expect(a.id).not.toBe(b.id);
      expect([a.headers.authorization, b.headers.authorization]).toEqual([
        `Bearer ${alice}`,
        `Bearer ${bob}`,
      ]);
      expect((await of(otherEdge, alice)).id).toBe(a.id);
      expect((await of(otherEdge, bob)).id).toBe(b.id);
    });
    expect(lines.map(({ state, lane, verifyMs }) => [lane, state, verifyMs])).toEqual([
      ['scoped', 'MISS', null],
      ['scoped', 'MISS', null],
      ['scoped', 'HIT', null],
      ['scoped', 'HIT', null],
    ]);
    expect(new Set(lines.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('whom the edge refuses the shield hears nothing of', async () => {
    const before = tap.seen.length;
    expect((await ask(edge, null, unseen(scopedPath))).status).toBe(401);
    expect((await ask(edge, `${alice}x`, unseen(scopedPath))).status).toBe(401);
    expect(tap.seen.length).toBe(before);
  });

  it('the origin gets the address of the client, not that of the edge', async () => {
    origin.answer(echo);
    const answer = await ask(edge, null, unseen(publicPath), {
      headers: { cookie: 'editor=1', 'x-forwarded-for': '203.0.113.66' },
      localAddress: '127.0.0.5',
    });
    expect(answer.json<Echo>().headers['x-forwarded-for']).toBe('127.0.0.5');
    expect(answer.headers['x-auth-route']).toBe('true');
  });

  it('a failing origin is a 502 of the edge’s own, and tells nothing of what is behind', async () => {
    await origin.whileDown(async () => {
      const answer = await ask(edge, null, unseen(publicPath));
      expect(answer.status).toBe(502);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(JSON.stringify(answer.headers)).not.toContain('shield');
    });
  });
});

it('a write through it is made once, and purges: once where a purge is global, at each where it is not', async () => {
  origin.answer(fresh);
  const write = async (path: string) => {
    const before = origin.requests.length;
    let atShield: Awaited<ReturnType<typeof loggedBy>> = [];
    const atEdge = await loggedBy(edge, async () => {
      atShield = await loggedBy(shield, async () => {
        const answer = await ask(edge, alice, path, { method: 'PUT', body: 'hello' });
        expect(answer.status).toBe(200);
      });
    });
    expect(origin.requests.length).toBe(before + 1);
    return [atEdge[0]?.purged, atShield[0]?.purged];
  };
  const target = unseen('/api/orders');
  await ask(edge, alice, target);
  expect((await ask(edge, alice, target)).cache).toBe('HIT');
  expect(await write('/api/orders')).toEqual([1, 1]);
  const before = origin.requests.length;
  expect((await ask(edge, alice, target)).cache).toBe('MISS');
  // Gone at the shield too: the origin was asked.
  expect(origin.requests.length).toBe(before + 1);
  expect(await write('/api/far')).toEqual([0, 1]);
});

describe('a seal', () => {
  const captured = async (work: () => Promise<unknown>) => {
    const from = tap.seen.length;
    await work();
    const [request] = tap.seen.slice(from);
    if (request === undefined) throw new Error('nothing passed by');
    return request;
  };
  const replay = (target: string, { method, headers }: { method: string; headers: object }) =>
    send(shield.url, target, { method, headers: { ...headers } as Record<string, string> });

  it('is all that travels to the shield, and the lock’s secret is not in it', async () => {
    origin.answer(echo);
    let sent: Echo['headers'] = {};
    const request = await captured(async () => {
      const headers = { cookie: 'editor=SECRET', 'x-origin-secret': 'forged' };
      sent = (await ask(edge, null, unseen('/page'), { headers })).json<Echo>().headers;
    });
    expect(sent).toMatchObject({ cookie: 'editor=SECRET', 'x-origin-secret': LOCK });
    const { 'x-claimcache-shield': seal, ...beside } = request.headers;
    expect(JSON.stringify(beside)).not.toContain('SECRET');
    const text = Buffer.from(String(seal).split('.', 1)[0] ?? '', 'base64url').toString();
    expect(text).toContain('editor=SECRET');
    expect(text).not.toContain(LOCK);
    expect(sent).not.toHaveProperty('x-claimcache-shield');
  });

  it.each([
    '',
    'x',
    'e30.e30',
    `${randomBytes(60).toString('base64url')}.${randomBytes(32).toString('base64url')}`,
  ])(
    'that is forged (%j) is refused, at the edge and at the shield, and the origin hears nothing of it',
    async (forged) => {
      const before = origin.requests.length;
      for (const at of [edge, shield]) {
        const [line] = await loggedBy(at, async () => {
          const headers = { 'x-claimcache-shield': forged };
          const answer = await ask(at, alice, unseen('/api/orders'), { headers });
          expect(answer.status).toBe(403);
          expect(answer.text).not.toContain('seal');
        });
        expect(line).toMatchObject({ tier: 'shield', lane: 'reject', code: 'ERR_SHIELD_REFUSED' });
      }
      expect(origin.requests.length).toBe(before);
    },
  );

  it('opens nothing but the page that it was made for, and changes no header of it', async () => {
    origin.answer(fresh);
    const target = unseen('/api/orders');
    const request = await captured(() => ask(edge, alice, target));
    const other = await replay(unseen('/api/orders'), request);
    expect(other.status).toBe(403);
    const forged = {
      ...request.headers,
      authorization: `Bearer ${bob}`,
      cookie: 'editor=1',
      'x-claimcache-claims': '{"sub":"bob"}',
    };
    const again = await replay(target, { method: 'GET', headers: forged });
    expect(again.status).toBe(200);
    expect(again.json<Echo>().headers.authorization).toBe(`Bearer ${alice}`);
    expect(again.text).not.toContain(bob);
  });

  it('makes no write a second time', async () => {
    origin.answer(echo);
    const request = await captured(() => ask(edge, alice, '/api/orders', { method: 'DELETE' }));
    const before = origin.requests.length;
    expect((await replay('/api/orders', request)).status).toBe(403);
    // The same seal, spelt otherwise.
    const seal = `${request.headers['x-claimcache-shield']}=`;
    const respelt = { ...request, headers: { ...request.headers, 'x-claimcache-shield': seal } };
    expect((await replay('/api/orders', respelt)).status).toBe(403);
    expect(origin.requests.length).toBe(before);
  });

  it('of another key is refused, and the edge asks the origin itself', async () => {
    const stranger = await leaseEdgeBefore(
      { origin: origin.url, shield: tap.url },
      { wasm, secrets: { ...secrets, shield_key: 'key-of-somebody-else' } },
    );
    try {
      origin.answer(publicly);
      const [line] = await loggedBy(stranger, async () => {
        expect((await ask(stranger, null, unseen('/page'))).status).toBe(200);
      });
      expect(line).toMatchObject({ state: 'MISS', shield: 'refused' });
    } finally {
      await stranger.stop();
    }
  });
});

describe('a shield out of order', () => {
  it('is left out of the way of reads where it is not there, or is something else', async () => {
    origin.answer(publicly);
    tap.lead('http://127.0.0.1:1');
    for (const [path, word] of [
      ['/page', 'unreachable'],
      ['/far/page', 'unreachable'],
    ] as const) {
      const [line] = await loggedBy(edge, async () => {
        expect((await ask(edge, null, unseen(path))).json<Echo>().url).toContain(path);
      });
      expect(line).toMatchObject({ state: 'MISS', shield: word });
    }
    tap.lead(null);
    const [line] = await loggedBy(edge, async () => {
      const answer = await ask(edge, null, unseen('/page'));
      expect(answer.text).not.toContain('somebody else');
    });
    expect(line).toMatchObject({ state: 'MISS', shield: 'refused' });
  });

  it('fails a write, which nobody may repeat', async () => {
    origin.answer(echo);
    const before = origin.requests.length;
    tap.lead(null);
    expect((await ask(edge, null, '/form', { method: 'POST', body: 'x' })).status).toBe(502);
    expect(origin.requests.length).toBe(before);
  });

  it('that is no location at all is as if there were none', async () => {
    origin.answer(publicly);
    const [line] = await loggedBy(edge, async () => {
      expect((await ask(edge, null, unseen('/nowhere/x'))).status).toBe(200);
    });
    expect(line).toMatchObject({ state: 'MISS', shield: null });
  });
});

it('what is stored at the shield is served stale while the origin fails, and not stored at the edge as if it were fresh', async () => {
  origin.answer(page({ 'cache-control': 'private, max-age=1' }));
  const target = unseen('/api/orders');
  await ask(edge, alice, target);
  origin.answer(page({}, 503));
  await expect
    .poll(async () => {
      const [line] = await loggedBy(edge, async () =>
        expect((await ask(edge, alice, target)).status).toBe(200),
      );
      return [line?.shield, line?.detail];
    })
    .toEqual(['STALE', 'zero-ttl']);
});

it('what is stored at the edge is served stale where nothing answers behind it', async () => {
  origin.answer(page({ 'cache-control': 'private, max-age=1' }));
  const target = unseen('/api/orders');
  await ask(edge, alice, target);
  tap.lead('http://127.0.0.1:1');
  await origin.whileDown(async () => {
    await expect.poll(async () => (await ask(edge, alice, target)).cache).toBe('STALE');
  });
});

it('an age is counted through both, and what has not changed is renewed without a body', async () => {
  origin.answer((request, response) => {
    response.setHeader('etag', '"v1"');
    response.setHeader('cache-control', 'public, max-age=8');
    if (request.headers['if-none-match'] === '"v1"') response.writeHead(304).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end('body');
  });
  const target = unseen('/page');
  await ask(edge, null, target);
  await new Promise((resolve) => setTimeout(resolve, 1600));
  let age = 0;
  const [line] = await loggedBy(otherEdge, async () => {
    age = Number((await ask(otherEdge, null, target)).headers.age);
  });
  // At the other edge for what is left of eight seconds, not for eight more.
  expect(age).toBeGreaterThanOrEqual(1);
  expect(age + (line?.ttlSeconds ?? 0)).toBeLessThanOrEqual(8);
  const renewed = () =>
    origin.requests.some(({ url, headers }) => url === target && headers['if-none-match'] === '"v1"');
  await expect
    .poll(async () => {
      expect((await ask(otherEdge, null, target)).text).toBe('body');
      return renewed();
    })
    .toBe(true);
});

it('a body of 5 MB comes through both whole, and is a HIT at each', async () => {
  const body = randomBytes(5_000_000);
  origin.answer((_request, response) => {
    response
      .writeHead(200, {
        'cache-control': 'public, max-age=300',
        'content-length': body.length,
        'content-type': 'application/octet-stream',
      })
      .end(body);
  });
  const target = unseen('/far/file');
  expect((await ask(edge, null, target)).bytes.equals(body)).toBe(true);
  expect((await ask(otherEdge, null, target)).bytes.equals(body)).toBe(true);
  const hit = await ask(edge, null, target);
  expect([hit.cache, hit.bytes.equals(body)]).toEqual(['HIT', true]);
});

describe('what a page differs by, behind a shield', () => {
  interface Page extends Echo {
    readonly id: string;
  }

  /** Who gets which page, by its name: asked at the one edge, then at the other, then again; all of one name get the same, others another. */
  async function pagesOf(visits: readonly [page: string, ask: (at: RunningEdge) => Promise<Answer>][]) {
    const ids = new Map<string, string>();
    for (const at of [edge, otherEdge, edge]) {
      for (const [name, visit] of visits) {
        const answer = await visit(at);
        expect([name, answer.status]).toEqual([name, 200]);
        const { id } = answer.json<Page>();
        ids.set(name, ids.get(name) ?? id);
        expect([name, id]).toEqual([name, ids.get(name)]);
      }
    }
    expect(new Set(ids.values()).size).toBe(ids.size);
    return ids;
  }

  it('is a set of roles: shared by all who hold it, and by nobody else', async () => {
    origin.answer(publicly);
    const target = unseen('/far/staff');
    const tokens = createTokens(await siteKeys());
    const who = personNamed('alice') as Person;
    const holding = async (roles: readonly string[], person = who) => {
      const token = await tokens.issue(person, 'app', 900, { roles });
      return (at: RunningEdge) => ask(at, token, target);
    };
    const bobs = personNamed('bob') as Person;
    const before = origin.requests.length;
    await pagesOf([
      ['editors', await holding(['editor', 'admin'])],
      ['editors', await holding(['admin', 'editor'], bobs)],
      ['admins', await holding(['admin'], bobs)],
      ['nobody', await holding([])],
    ]);
    expect(origin.requests.length).toBe(before + 3);
    expect((await ask(edge, null, target)).status).toBe(401);
  });

  it('is a variant of a public page, and the origin is told which', async () => {
    origin.answer(publicly);
    const target = unseen('/far/home');
    const visit = (headers: Record<string, string>) => (at: RunningEdge) =>
      ask(at, null, target, { headers });
    const before = origin.requests.length;
    const ids = await pagesOf([
      ['en a', visit({ 'accept-language': 'en', cookie: 'bucket=a' })],
      ['en a', visit({ 'accept-language': 'en-GB, de;q=0.3', cookie: 'bucket=a; other=1' })],
      ['de a', visit({ 'accept-language': 'de', cookie: 'bucket=a' })],
      ['en b', visit({ 'accept-language': 'en', cookie: 'bucket=b' })],
    ]);
    expect(origin.requests.length).toBe(before + ids.size);
    const languages = origin.requests.slice(before).map(({ headers }) => headers['accept-language']);
    expect(languages).toEqual(['en', 'de', 'en']);
  });

  it('is a session of the origin’s own; a cookie that it does not know is nobody’s, at each edge', async () => {
    const members = new Map([
      ['sid=of-alice-aaaaaaaaaaaa', 'alice'],
      ['sid=of-bob-bbbbbbbbbbbbbb', 'bob'],
    ]);
    origin.answer((request, response) => {
      if (request.url !== '/edge/whoami') return fresh(request, response);
      const id = members.get(request.headers.cookie ?? '');
      response.writeHead(id === undefined ? 401 : 200, { 'content-type': 'application/json' });
      return response.end(JSON.stringify(id === undefined ? {} : { id }));
    });
    const target = unseen('/far/member');
    const visit = (cookie: string) => (at: RunningEdge) => ask(at, null, target, { headers: { cookie } });
    const pages = () => origin.requests.filter(({ url }) => url === target).length;
    await pagesOf([
      ['alice', visit('sid=of-alice-aaaaaaaaaaaa')],
      ['bob', visit('sid=of-bob-bbbbbbbbbbbbbb')],
    ]);
    expect(pages()).toBe(2);
    const seen = tap.seen.length;
    for (const at of [edge, otherEdge]) {
      expect((await visit('sid=of-nobody-cccccccccccc')(at)).status).toBe(401);
      expect((await visit('other=1')(at)).status).toBe(401);
    }
    expect(tap.seen.length).toBe(seen);
    expect(pages()).toBe(2);
  });

  it('is what a POST that only reads says in its body: cached at each edge, by way of no shield', async () => {
    origin.answer(fresh);
    const target = unseen('/far/search');
    const search = (who: string, body: string) => (at: RunningEdge) =>
      ask(at, who, target, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    const seen = tap.seen.length;
    const before = origin.requests.length;
    for (const at of [edge, otherEdge]) {
      const ids = new Set<string>();
      for (const who of [alice, bob]) {
        for (const q of ['shoes', 'hats']) {
          const first = await search(who, `{"q":"${q}","page":1}`)(at);
          const again = await search(who, `{ "page": 1, "q": "${q}" }`)(at);
          expect([first.cache, again.cache]).toEqual(['MISS', 'HIT']);
          expect(again.json<Page>().id).toBe(first.json<Page>().id);
          ids.add(first.json<Page>().id);
        }
      }
      expect(ids.size).toBe(4);
    }
    expect(origin.requests.length).toBe(before + 8);
    expect(tap.seen.length).toBe(seen);
  });
});
