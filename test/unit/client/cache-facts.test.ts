import { describe, expect, test } from 'vitest';
import { cacheFacts } from '../../../src/client/cache-facts.ts';

const of = (fields: Record<string, string>) => cacheFacts(new Headers(fields), 12);

describe('where a response came from', () => {
  test('X-Cache names it, with the age and the time that is left', () => {
    const fields = { 'x-cache': 'HIT', 'cache-status': 'claimcache;hit;ttl=590', age: '10' };
    expect(of(fields)).toEqual({
      state: 'HIT',
      isNotModified: false,
      ageSeconds: 10,
      ttlSeconds: 590,
      durationMs: 12,
    });
  });

  test.each([
    ['claimcache;hit;ttl=5', 'HIT'],
    ['claimcache;hit;ttl=-5', 'STALE'],
    ['claimcache;fwd=uri-miss;stored;ttl=300', 'MISS'],
    ['claimcache;fwd=bypass;detail=route-pass', 'BYPASS'],
    ['origin;hit;ttl=9, claimcache;fwd=uri-miss', 'MISS'],
    ['', 'UNKNOWN'],
  ])('without it Cache-Status %o tells %s', (status, state) => {
    expect(of({ 'cache-status': status }).state).toBe(state);
  });

  test('a copy of the browser is one, whatever its headers said when it came', () => {
    expect(cacheFacts(new Headers({ 'x-cache': 'MISS' }), 1, 'browser').state).toBe('BROWSER');
  });

  test('after a 304 of the origin the Age of the copy is not that of the response', () => {
    const fields = (state: string) => new Headers({ 'x-cache': state, age: '12' });
    expect(cacheFacts(fields('MISS'), 1, 'revalidated')).toMatchObject({
      state: 'MISS',
      isNotModified: true,
      ageSeconds: null,
    });
    expect(cacheFacts(fields('HIT'), 1, 'revalidated')).toMatchObject({ state: 'HIT', ageSeconds: 12 });
  });

  test('what cannot be read is not shown', () => {
    expect(of({ 'x-cache': 'ODD', age: '-1' })).toMatchObject({ state: 'UNKNOWN', ageSeconds: null });
  });
});
