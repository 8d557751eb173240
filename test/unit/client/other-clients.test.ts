import { describe, expect, test } from 'vitest';
import { createApolloLifetimes } from '../../../src/client/apollo.ts';
import { createSwrFetcher } from '../../../src/client/swr.ts';

function scripted(cacheControl: string) {
  const clock = { nowMs: 1_000_000 };
  const modes: (RequestCache | undefined)[] = [];
  const swr = createSwrFetcher(
    async (_path, { cache }) => {
      modes.push(cache);
      return Response.json(modes.length, { headers: { 'cache-control': cacheControl } });
    },
    () => clock.nowMs,
  );
  return { clock, modes, ...swr };
}

describe('SWR', () => {
  test('a copy is used while its response is fresh, by its owner alone', async () => {
    const { clock, modes, fetcher } = scripted('private, max-age=60');
    expect(await fetcher(['42', '/orders'])).toBe(1);
    clock.nowMs += 59_000;
    expect(await fetcher(['42', '/orders'])).toBe(1);
    expect(await fetcher(['43', '/orders'])).toBe(2);
    clock.nowMs += 2000;
    expect(await fetcher(['42', '/orders'])).toBe(3);
    expect(modes).toEqual(['no-cache', 'no-cache', 'default']);
  });

  test.each(['no-store', 'private, no-cache', ''])('%j is asked for each time', async (cacheControl) => {
    const { fetcher } = scripted(cacheControl);
    expect(await fetcher(['42', '/orders'])).toBe(1);
    expect(await fetcher(['42', '/orders'])).toBe(2);
  });

  test('after a write the browser’s own copy is revalidated', async () => {
    const { modes, fetcher, forget } = scripted('private, max-age=60');
    await fetcher(['42', '/orders']);
    forget();
    expect(await fetcher(['42', '/orders'])).toBe(2);
    expect(modes).toEqual(['no-cache', 'no-cache']);
  });

  test('an error is thrown and not kept', async () => {
    const { fetcher } = createSwrFetcher(async () => new Response('', { status: 500 }));
    await expect(fetcher(['42', '/orders'])).rejects.toThrow('500');
  });
});

describe('Apollo', () => {
  test('the cache is asked while the last answer to this operation and these variables is fresh', () => {
    const clock = { nowMs: 1_000_000 };
    const { record, fetchPolicyOf, forget } = createApolloLifetimes(() => clock.nowMs);
    const fresh = { headers: new Headers({ 'cache-control': 'private, max-age=60' }) };
    expect(fetchPolicyOf('Orders')).toBe('network-only');
    record({ operationName: 'Orders', variables: {} }, fresh);
    expect(fetchPolicyOf('Orders')).toBe('cache-first');
    expect(fetchPolicyOf('Orders', { page: 2 })).toBe('network-only');
    clock.nowMs += 61_000;
    expect(fetchPolicyOf('Orders')).toBe('network-only');
    record({ operationName: 'Orders' }, fresh);
    forget();
    expect(fetchPolicyOf('Orders')).toBe('network-only');
    record({ operationName: 'Orders' }, undefined);
    expect(fetchPolicyOf('Orders')).toBe('network-only');
  });
});
