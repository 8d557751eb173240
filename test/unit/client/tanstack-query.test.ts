import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { responseLifetime } from '../../../src/client/response-lifetime.ts';
import { byLifetime, cacheModeOf, followLifetimes } from '../../../src/client/tanstack-query.ts';

const queryKey = ['page'];
let client: QueryClient;
let asked: number;
let modes: RequestCache[];

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  followLifetimes(client);
  asked = 0;
  modes = [];
});
afterEach(() => vi.useRealTimers());

/** Looks at the page until the returned function is called. */
async function look(cacheControl: string): Promise<() => void> {
  const observer = new QueryObserver(client, {
    queryKey,
    queryFn: async () => {
      modes.push(cacheModeOf(client, queryKey));
      return { body: ++asked, lifetime: responseLifetime(new Headers({ 'cache-control': cacheControl })) };
    },
    ...byLifetime,
  });
  const leave = observer.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  return leave;
}

const isKept = () => client.getQueryData(queryKey) !== undefined;

describe('a query follows its response', () => {
  test('while the response is fresh nobody is asked again, after that somebody is', async () => {
    const leave = await look('private, max-age=60');
    await vi.advanceTimersByTimeAsync(59_000);
    await look('private, max-age=60');
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    await look('private, max-age=60');
    expect(asked).toBe(2);
    leave();
  });

  test.each(['no-store', 'private, no-cache', 'max-age=0'])(
    '%s: gone when nobody looks at it',
    async (field) => {
      const leave = await look(field);
      expect(isKept()).toBe(true);
      leave();
      await vi.advanceTimersByTimeAsync(1);
      expect(isKept()).toBe(false);
    },
  );

  test('a fresh one is kept for its lifetime and its stale-while-revalidate', async () => {
    const leave = await look('max-age=60, stale-while-revalidate=30');
    leave();
    await vi.advanceTimersByTimeAsync(89_000);
    expect(isKept()).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(isKept()).toBe(false);
  });

  test('a response that says less than the one before it shortens it', async () => {
    const leave = await look('max-age=600');
    leave();
    await client.invalidateQueries({ queryKey });
    const leaveAgain = await look('no-store');
    leaveAgain();
    await vi.advanceTimersByTimeAsync(1);
    expect(isKept()).toBe(false);
  });

  test('after a write the browser’s own copy is asked about, before it is used', async () => {
    const leave = await look('max-age=600');
    await client.invalidateQueries({ queryKey });
    await client.refetchQueries({ queryKey });
    expect(modes).toEqual(['default', 'no-cache', 'default']);
    leave();
  });
});
