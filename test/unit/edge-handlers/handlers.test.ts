import { describe, expect, it } from 'vitest';
import { createEdge, type Edge } from '../../../src/edge-handlers/create-edge.ts';
import { runHandlers } from '../../../src/edge-handlers/run-handlers.ts';
import { factsOf } from '../support/way.ts';

const PRIVATE = 'private, no-cache';

/** Runs the handlers of an edge; the lanes answer with the target that reached them. */
function ask(edge: Edge, target: string, { method = 'GET', lane = PRIVATE as string | null } = {}) {
  const facts = factsOf(target, { method });
  return runHandlers({
    handlers: edge.match(method, facts.path),
    onError: edge.onError,
    facts,
    request: new Request(`http://www.test${target}`, { method }),
    lanes: async (reached) =>
      new Response(`lanes ${reached}`, { headers: lane === null ? {} : { 'cache-control': lane } }),
  });
}

const text = (body: string) => () => new Response(body);

describe('own handlers', () => {
  it('nothing registered matches nothing', () => {
    expect(createEdge().match('GET', '/')).toEqual([]);
    expect(createEdge().get('/a', text('a')).match('GET', '/b')).toEqual([]);
  });

  it('answer by method and pattern, with params; GET answers HEAD too', async () => {
    const edge = createEdge()
      .get('/old/:id', ({ params }) => Response.redirect(`http://www.test/new/${params.id}`, 301))
      .post('/old/:id', text('posted'));
    expect((await ask(edge, '/old/7')).response.headers.get('location')).toBe('http://www.test/new/7');
    expect((await ask(edge, '/old/7', { method: 'HEAD' })).response.status).toBe(301);
    expect(await (await ask(edge, '/old/7', { method: 'POST' })).response.text()).toBe('posted');
    expect(edge.match('DELETE', '/old/7')).toEqual([]);
  });

  it('run in the order of registration, whatever their patterns, and the lanes come last', async () => {
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    const edge = createEdge()
      .get('/**', note('first'))
      .use(note('second'))
      .all('/a', note('third'))
      .use('/a', note('fourth'));
    const { response, reachedLanes } = await ask(edge, '/a?x=1');
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
    expect(await response.text()).toBe('lanes /a?x=1');
    expect(reachedLanes).toBe(true);
  });

  it('one that answers ends the way', async () => {
    const edge = createEdge()
      .use(text('mine'))
      .use(() => {
        throw new Error('not reached');
      });
    expect(await ask(edge, '/')).toMatchObject({ reachedLanes: false });
  });

  it('can rewrite what follows, and only to a path', async () => {
    const edge = createEdge().get('/short', ({ rewrite }) => void rewrite('/long?x=1'));
    expect(await (await ask(edge, '/short')).response.text()).toBe('lanes /long?x=1');
    for (const bad of ['//evil.test/x', 'https://evil.test/', 'x', '/a b', '/a#b']) {
      await expect(
        ask(
          createEdge().use(({ rewrite }) => void rewrite(bad)),
          '/',
        ),
      ).rejects.toMatchObject({ code: 'ERR_INTERNAL' });
    }
  });

  it('can add headers to every answer', async () => {
    const edge = createEdge().use(async (_, next) => {
      const response = await next();
      response.headers.set('x-frame-options', 'DENY');
      return response;
    });
    expect((await ask(edge, '/')).response.headers.get('x-frame-options')).toBe('DENY');
  });

  it('an error goes to the one error handler, else up', async () => {
    const failing = () =>
      createEdge().get('/', async () => {
        throw new Error('broken');
      });
    await expect(ask(failing(), '/')).rejects.toThrow('broken');
    const handled = failing().error((error) => new Response(String(error), { status: 500 }));
    expect((await ask(handled, '/')).response.status).toBe(500);
  });
});

describe('a handler cannot make a private answer public', () => {
  it('what it answers itself is private unless it says otherwise', async () => {
    expect((await ask(createEdge().use(text('x')), '/')).response.headers.get('cache-control')).toBe(
      'private, no-store, max-age=0',
    );
    const open = createEdge().use(
      () => new Response('x', { headers: { 'cache-control': 'public, max-age=60' } }),
    );
    expect((await ask(open, '/')).response.headers.get('cache-control')).toBe('public, max-age=60');
  });

  it.each(['public, max-age=60', 's-maxage=60', 'max-age=60', 'private, s-maxage=60', ''])(
    'nor say %j of what the lanes answered privately, in the same response or a new one',
    async (field) => {
      for (const lane of [PRIVATE, 'no-store']) {
        for (const rebuild of [true, false]) {
          const edge = createEdge().use(async (_, next) => {
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
    },
  );

  it('what was public it may shorten or close', async () => {
    const edge = createEdge().use(async (_, next) => {
      const response = await next();
      response.headers.set('cache-control', 'no-store');
      return response;
    });
    expect((await ask(edge, '/', { lane: 'public, max-age=60' })).response.headers.get('cache-control')).toBe(
      'no-store',
    );
  });
});
