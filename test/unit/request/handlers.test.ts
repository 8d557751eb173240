import { describe, expect, it } from 'vitest';
import { createHandlers, type Handlers } from '../../../src/request/handlers/create-handlers.ts';
import { runHandlers } from '../../../src/request/handlers/run-handlers.ts';
import { factsOf } from '../support/pipeline.ts';

const PRIVATE = 'private, no-cache';
/** What nobody handled, of the last request. */
let thrown: unknown = null;

/** Runs the handlers of an edge; the lanes answer with the target that reached them. */
function ask(
  edge: Handlers,
  target: string,
  {
    method = 'GET',
    lane = PRIVATE as string | null,
    vary = null as string | null,
    length = null as string | null,
  } = {},
) {
  const facts = factsOf(target, { method });
  return runHandlers({
    handlers: edge.match(method, facts.path),
    onError: edge.onError,
    operatorPrefix: '/.edge/',
    facts,
    request: new Request(`http://www.test${target}`, { method }),
    lanes: async (reached) => ({
      response: new Response(`lanes ${reached}`, {
        headers: {
          ...(lane !== null && { 'cache-control': lane }),
          ...(vary !== null && { vary }),
          ...(length !== null && { 'content-length': length }),
        },
      }),
    }),
    problem(error) {
      // What a handler has thrown is the cause, unless it was an error of the edge's own.
      thrown =
        error.code === 'ERR_INTERNAL' && !/rewrite|hands on/.test(String(error.cause)) ? error.cause : error;
      return new Response(`failed: ${(thrown as Error).message}`, { status: 500 });
    },
  });
}

const text = (body: string) => () => new Response(body);

describe('own handlers', () => {
  it('nothing registered matches nothing', () => {
    expect(createHandlers().match('GET', '/')).toEqual([]);
    expect(createHandlers().get('/a', text('a')).match('GET', '/b')).toEqual([]);
  });

  it('answer by method and pattern, with params; GET answers HEAD too', async () => {
    const edge = createHandlers()
      .get('/old/:id', ({ params }) => Response.redirect(`http://www.test/new/${params.id}`, 301))
      .post('/old/:id', text('posted'));
    expect((await ask(edge, '/old/7')).response.headers.get('location')).toBe('http://www.test/new/7');
    expect((await ask(edge, '/old/7', { method: 'HEAD' })).response.status).toBe(301);
    expect(await (await ask(edge, '/old/7', { method: 'POST' })).response.text()).toBe('posted');
    expect(edge.match('DELETE', '/old/7')).toEqual([]);
  });

  it('compare the normal form of paths, however a pattern is spelt', async () => {
    const edge = createHandlers()
      .get('/ü/:id', text('one'))
      .get('/%c3%a4', text('two'))
      .get('/admin/**', text('three'));
    for (const path of ['/ü/7', '/%c3%bc/7', '/%C3%BC/%37'])
      expect(await (await ask(edge, path)).response.text(), path).toBe('one');
    expect(await (await ask(edge, '/ä')).response.text()).toBe('two');
    expect(await (await ask(edge, '/%61dmin/x')).response.text()).toBe('three');
    expect(edge.match('GET', '/ADMIN/x')).toEqual([]);
  });

  it('run in the order of registration, whatever their patterns, and the lanes come last', async () => {
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const edge = createHandlers()
      .get('/**', note('first'))
      .use(note('second'))
      .all('/a', note('third'))
      .use('/a', note('fourth'));
    const { response, lanes } = await ask(edge, '/a?x=1');
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
    expect(await response.text()).toBe('lanes /a?x=1');
    expect(lanes).not.toBeNull();
  });

  it('the answer of the lanes goes out as itself: a copy of a stream would lose its length', async () => {
    const made = new Response('whole', { headers: { 'cache-control': PRIVATE } });
    const edge = createHandlers().use(async (_, next) => {
      const response = await next();
      response.headers.set('x-added', '1');
      return response;
    });
    const facts = factsOf('/', {});
    const { response } = await runHandlers({
      handlers: edge.match('GET', '/'),
      onError: null,
      operatorPrefix: '/.edge/',
      facts,
      request: new Request('http://www.test/'),
      lanes: async () => ({ response: made }),
      problem: () => new Response(null, { status: 500 }),
    });
    expect(response).toBe(made);
    expect(response.headers.get('x-added')).toBe('1');
  });

  it('one that answers ends the way', async () => {
    const edge = createHandlers()
      .use(text('mine'))
      .use(() => {
        throw new Error('not reached');
      });
    expect(await ask(edge, '/')).toMatchObject({ lanes: null });
  });

  it('can rewrite what follows, and only to a path', async () => {
    const edge = createHandlers().get('/short', ({ rewrite }) => void rewrite('/long?x=1'));
    expect(await (await ask(edge, '/short')).response.text()).toBe('lanes /long?x=1');
    for (const bad of ['//evil.test/x', 'https://evil.test/', 'x', '/a b', '/a#b']) {
      const edge = createHandlers().use(({ rewrite }) => void rewrite(bad));
      expect(await ask(edge, '/')).toMatchObject({ response: { status: 500 }, lanes: null });
    }
  });

  it('can add headers to every answer', async () => {
    const edge = createHandlers().use(async (_, next) => {
      const response = await next();
      response.headers.set('x-frame-options', 'DENY');
      return response;
    });
    expect((await ask(edge, '/')).response.headers.get('x-frame-options')).toBe('DENY');
  });

  it('an error goes to the one error handler, else it is a failure; one of that handler’s own too', async () => {
    const failing = () =>
      createHandlers()
        .use(async (_, next) => {
          // It never rejects: what is behind it fails with an answer, which gets the header too.
          const response = await next();
          response.headers.set('x-frame-options', 'DENY');
          return response;
        })
        .get('/', async () => {
          throw new Error('broken');
        });
    const textOf = async (edge: Handlers) => {
      const { response } = await ask(edge, '/');
      expect(response.status).toBe(500);
      expect(response.headers.get('x-frame-options')).toBe('DENY');
      return [await response.text(), response.headers.get('x-cache')];
    };
    expect(await textOf(failing())).toEqual(['failed: broken', 'ERROR']);
    const handled = failing().error((error) => new Response(String(error), { status: 500 }));
    expect(await textOf(handled)).toEqual(['Error: broken', 'BYPASS']);
    const unable = failing().error(() => {
      throw new Error('broken again');
    });
    expect(await textOf(unable)).toEqual(['failed: broken again', 'ERROR']);
  });
});

describe('a handler cannot make a private answer public', () => {
  it('what it answers itself is private unless it says otherwise', async () => {
    expect((await ask(createHandlers().use(text('x')), '/')).response.headers.get('cache-control')).toBe(
      'private, no-store, max-age=0',
    );
    const open = createHandlers().use(
      () => new Response('x', { headers: { 'cache-control': 'public, max-age=60' } }),
    );
    expect((await ask(open, '/')).response.headers.get('cache-control')).toBe('public, max-age=60');
  });

  it.each([
    'public, max-age=60',
    's-maxage=60',
    'max-age=60',
    'private, s-maxage=60',
    '',
    'private="x", max-age=600',
    'private="", max-age=600',
    'private=x, max-age=600',
    'x="y, private", max-age=600',
    'max-age=600, x="private',
    'x-private, max-age=600',
    'no-store, must-understand, max-age=600',
  ])('nor say %j of what the lanes answered privately, in the same response or a new one', async (field) => {
    for (const lane of [PRIVATE, 'no-store']) {
      for (const rebuild of [true, false]) {
        const edge = createHandlers().use(async (_, next) => {
          const response = await next();
          if (rebuild)
            return new Response(await response.text(), {
              headers: { 'cache-control': field, 'surrogate-control': 'max-age=60' },
            });
          response.headers.set('cache-control', field);
          return response;
        });
        const { headers } = (await ask(edge, '/', { lane })).response;
        expect(headers.get('cache-control')).toBe(lane);
        expect(headers.has('surrogate-control')).toBe(false);
      }
    }
  });

  it('nor say so to a cache in front of the edge, beside a Cache-Control that is still private', async () => {
    const targeted = [
      'surrogate-control',
      'cdn-cache-control',
      'cloudflare-cdn-cache-control',
      'akamai-cache-control',
      'x-accel-expires',
      'edge-control',
    ];
    for (const field of ['private, max-age=60', 'private="x", private', 'no-store, max-age=60', PRIVATE]) {
      const edge = createHandlers().use(async (_, next) => {
        const { headers } = await next();
        headers.set('cache-control', field);
        for (const name of targeted) headers.set(name, 'max-age=60');
        return new Response('x', { headers });
      });
      const { headers } = (await ask(edge, '/')).response;
      expect(headers.get('cache-control')).toBe(field);
      for (const name of targeted) expect(headers.has(name)).toBe(false);
    }
  });

  it('nor lose what keeps two users of one browser apart', async () => {
    const lane = { lane: 'private, max-age=60', vary: 'Authorization, cookie' };
    const varyOf = async (mine: Record<string, string>) => {
      const edge = createHandlers().use(async (_, next) => {
        return new Response(await (await next()).text(), { headers: mine });
      });
      return (await ask(edge, '/', lane)).response.headers.get('vary');
    };
    expect(await varyOf({})).toBe('Authorization, cookie');
    expect(await varyOf({ vary: 'Accept, Cookie' })).toBe('Accept, Cookie, Authorization');
  });

  it.each(['private="set-cookie", max-age=60', 'no-store="x"', 'max-age=60, x="'])(
    'nor widen what the lanes answered with %j',
    async (lane) => {
      const edge = createHandlers().use(async (_, next) => {
        const response = await next();
        response.headers.set('cache-control', 'public, max-age=600');
        return response;
      });
      expect((await ask(edge, '/', { lane })).response.headers.get('cache-control')).toBe(lane);
    },
  );

  it('what was public it may shorten or close', async () => {
    const edge = createHandlers().use(async (_, next) => {
      const response = await next();
      response.headers.set('cache-control', 'no-store');
      return response;
    });
    expect((await ask(edge, '/', { lane: 'public, max-age=60' })).response.headers.get('cache-control')).toBe(
      'no-store',
    );
  });
});

describe('what a handler must not do', () => {
  it.each([
    '/.edge/purge',
    '/.edge',
    '/.edge/',
    '/.EDGE/purge',
    '/%2eedge/purge',
    '/%252eedge/purge',
    '/.edge;v=1/purge',
    '/.edge%2fpurge',
    '/.edge.',
    '/\\.edge/purge',
    '/.edge?x=1',
  ])('a rewrite to %s is refused with its reason', async (target) => {
    const edge = createHandlers().get('/a', ({ rewrite }) => void rewrite(target));
    const { response, lanes } = await ask(edge, '/a');
    expect([response.status, lanes]).toEqual([500, null]);
    expect(thrown).toMatchObject({ code: 'ERR_INTERNAL' });
    expect(String((thrown as Error).cause)).toContain('/.edge/');
  });

  it.each(['/.edges', '/edge/a', '/a/.edge/b', '/.edge-x', '/?to=/.edge/'])(
    'one to %s is none',
    async (target) => {
      const edge = createHandlers().get('/a', ({ rewrite }) => void rewrite(target));
      expect(await (await ask(edge, '/a')).response.text()).toBe(`lanes ${target}`);
    },
  );

  it.each(['text', 1, {}, { status: 200 }])(
    'answering with %j is an error, not an empty 200',
    async (answer) => {
      const edge = createHandlers().get('/a', () => answer as unknown as Response);
      expect((await ask(edge, '/a')).response.status).toBe(500);
      const failing = createHandlers().get('/a', () => {
        throw new Error('broken');
      });
      failing.error(() => answer as unknown as Response);
      expect((await ask(failing, '/a')).response.status).toBe(500);
    },
  );

  it('the length that the lanes announce stays theirs, and no answer of its own has one', async () => {
    const edge = createHandlers()
      .get('/lanes', async (_, next) => {
        const response = await next();
        response.headers.set('content-length', '3');
        response.headers.set('transfer-encoding', 'chunked');
        return response;
      })
      .get('/own', () => new Response('hello', { headers: { 'content-length': '3' } }));
    const { headers } = (await ask(edge, '/lanes', { length: '7' })).response;
    expect([headers.get('content-length'), headers.has('transfer-encoding')]).toEqual(['7', false]);
    expect((await ask(edge, '/lanes')).response.headers.has('content-length')).toBe(false);
    expect((await ask(edge, '/own')).response.headers.has('content-length')).toBe(false);
  });
});
