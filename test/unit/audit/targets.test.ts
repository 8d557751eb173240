import { describe, expect, test } from 'vitest';
import { freshPath, targetsOf, withoutNonce } from '../../../cli/audit/targets.ts';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { routerOf } from '../../../src/routing/matchers.ts';
import { POLICY, policy, router } from '../support/pipeline.ts';

const of = (...paths: string[]) => targetsOf(policy, router, paths);

describe('what is audited', () => {
  test('every plain path of the policy, and what was named; what nothing leads to is told', () => {
    const { targets, unaudited } = of('/api/orders/7', '/preview/x', '/');
    const kinds = Object.fromEntries(targets.map(({ path, kind }) => [path, kind]));
    expect(kinds).toMatchObject({
      '/api/orders': 'scoped',
      '/api/orders/7': 'scoped',
      '/api/payment': 'sensitive',
      '/live': 'pass',
      '/preview/x': 'cms',
      '/': 'public',
    });
    expect(unaudited).toEqual(expect.arrayContaining(['/assets/**', '/api/orders/avatar/:id', '/graphql']));
    expect(unaudited).not.toContain('/api/orders/:id');
  });

  test('a fresh URL is asked for only where the query is part of the key', () => {
    const fresh = Object.fromEntries(
      of('/assets/x').targets.map(({ path, canBeFresh }) => [path, canBeFresh]),
    );
    expect(fresh).toMatchObject({ '/api/orders': true, '/search': false, '/assets/x': false });
  });

  test('a preview passes, and on a scoped route nothing of it is kept', () => {
    const previews = compilePolicy({ ...POLICY, cms: { query: ['preview'] } });
    const { targets } = targetsOf(previews, routerOf(previews), [
      '/?a=1&Preview=1',
      '/api/orders/7?preview',
      '/?a=preview',
    ]);
    const kinds = Object.fromEntries(targets.map(({ path, kind }) => [path, kind]));
    expect(kinds).toMatchObject({
      '/?a=1&Preview=1': 'cms',
      '/api/orders/7?preview': 'sensitive',
      '/?a=preview': 'public',
    });
  });

  test('a GraphQL endpoint is asked queries alone', () => {
    expect(of('/graphql?query=%7Bme%7Bid%7D%7D').unaudited).not.toContain('/graphql');
    expect(of('/graphql?query=query%20A%7Bme%7Bid%7D%7D').unaudited).not.toContain('/graphql');
    for (const query of [
      '',
      '?x=1',
      '?query=mutation%7Bx%7D',
      '?query=%7Ba%7D%20mutation%20B%7Bx%7D',
      '?query=%23%0Amutation%7Bx%7D',
    ]) {
      expect(() => of(`/graphql${query}`)).toThrow('holds no GraphQL query');
    }
  });

  test.each(['pages', '', '/a b', '/ä', '/a#b', '/"'])('%o is no path', (path) => {
    expect(() => of(path)).toThrow('A path is none');
  });

  test('what was made up for a fresh URL is taken out of a page that repeats it', () => {
    const [target] = of().targets;
    if (target === undefined) throw new Error('the policy has plain paths');
    const [one, other] = [freshPath(target), freshPath(target)];
    expect(one).not.toBe(other);
    for (const spelled of [(text: string) => text, encodeURIComponent])
      expect(withoutNonce(spelled(one))).toBe(withoutNonce(spelled(other)));
  });
});
