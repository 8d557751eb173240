import fc from 'fast-check';
import { addRoute, createRouter as createTree, findRoute } from 'rou3';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/policy/policy.ts';
import { matchersSource, routerOf } from '../../../src/routing/matchers.ts';
import { createRouter, type Matchers } from '../../../src/routing/router.ts';
import { policy } from '../support/pipeline.ts';

const word = fc.constantFrom('a', 'b', 'a-b', '7', 'A');
const part = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 3, arbitrary: fc.constantFrom(':x', ':x(\\d+)', ':x?', 'a.:x', '*') },
);
const last = fc.oneof(part, fc.constantFrom('*', '**', '**:rest', ':x+', ':x*', '{a}?'));
const pattern = fc
  .tuple(fc.array(part, { maxLength: 3 }), fc.option(last))
  .map(([parts, end]) => `/${(end === null ? parts : [...parts, end]).join('/')}`)
  .filter(isReadable);
const segment = fc.constantFrom('a', 'b', 'a-b', '7', '', '.', '..', 'a.x', 'A', '__proto__', 'constructor');
const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join('/')}`);

describe('the compiled matchers', () => {
  it('find what a tree of the same patterns finds, in Node and as the source that is built', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(pattern, { minLength: 1, maxLength: 14 }),
        fc.array(path, { minLength: 20, maxLength: 40 }),
        async (patterns, paths) => {
          const tree = createTree<string>();
          for (const text of patterns) addRoute(tree, '', text, text);
          const policy = policyOf(patterns);
          const routers = [routerOf(policy), createRouter(policy, await built(policy))];
          for (const asked of paths) {
            const one = findRoute(tree, '', asked, { params: false })?.data ?? policy.fallback.path;
            for (const router of routers) {
              expect([asked, router.match(asked).path]).toEqual([asked, one]);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of the whole policy are the same as source', async () => {
    const [node, edge] = [routerOf(policy), createRouter(policy, await built(policy))];
    for (const asked of [
      '/api/orders',
      '/API/orders',
      '/api/orders/avatar/7',
      '/Preview/x',
      '/media/x.png',
      '/',
    ]) {
      const of = (router: typeof node) => {
        const route = router.match(asked);
        return [
          route,
          router.isCmsPath(asked),
          router.resolve(asked),
          router.originOf(route, asked, 'a.test'),
        ];
      };
      expect(of(edge)).toEqual(of(node));
    }
  });

  it('find the last of a thousand routes, and no route that is not there', () => {
    const router = routerOf(policyOf(Array.from({ length: 1000 }, (_, i) => `/area-${i}/:id`)));
    expect(router.match('/area-999/7').path).toBe('/area-999/:id');
    expect(router.match('/area-1000/7')).toBe(policy.fallback);
  });
});

function policyOf(patterns: readonly string[]): Policy {
  return {
    ...policy,
    routes: patterns.map((text, i) => ({ ...policy.fallback, name: `r${i}`, path: text })),
  };
}

async function built(of: Policy): Promise<Matchers> {
  const { default: matchers } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(matchersSource(of))}`
  );
  return matchers;
}

function isReadable(text: string): boolean {
  try {
    addRoute(createTree(), '', text, true);
    return true;
  } catch {
    return false;
  }
}
