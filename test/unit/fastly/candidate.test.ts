import { describe, expect, it } from 'vitest';
import { applyVerdict, type CandidateResponse, candidateOf } from '../../../src/fastly/candidate.ts';

/** A candidate that notes what is set on it, in order. */
function candidate(): { readonly response: CandidateResponse; readonly set: [string, unknown][] } {
  const set: [string, unknown][] = [];
  const response = new Proxy({} as CandidateResponse, {
    set(_target, name, value) {
      set.push([String(name), value]);
      return true;
    },
  });
  return { response, set };
}

describe('what the platform is told of a candidate', () => {
  it('stored: all that it would otherwise take from the origin’s own words', () => {
    const { response, set } = candidate();
    const verdict = {
      kind: 'store',
      ttlSeconds: 60,
      staleWhileRevalidateSeconds: 30,
      staleIfErrorSeconds: 90,
      surrogateKeys: ['user:42'],
      vary: ['accept-encoding'],
      check: null,
    } as const;
    expect(applyVerdict(response, verdict)).toEqual({ cache: true });
    expect(Object.fromEntries(set)).toEqual({
      ttl: 60,
      swr: 30,
      staleIfError: 90,
      surrogateKeys: ['user:42'],
      vary: ['accept-encoding'],
    });
  });

  it('stored once its body was looked at: the bytes as they are, or what the look throws', () => {
    const seen: number[] = [];
    const verdict = {
      kind: 'store',
      ttlSeconds: 60,
      staleWhileRevalidateSeconds: 0,
      staleIfErrorSeconds: 0,
      surrogateKeys: [],
      vary: ['accept-encoding'],
      check(body: Uint8Array) {
        seen.push(...body);
        if (body.byteLength === 0) throw new Error('empty');
      },
    } as const;
    const { bodyTransformFn } = applyVerdict(candidate().response, verdict);
    // The runtime gives a buffer, whatever its types say.
    const given = Uint8Array.of(1, 2).buffer as unknown as Uint8Array<ArrayBuffer>;
    expect(bodyTransformFn?.(given)).toEqual(Uint8Array.of(1, 2));
    expect(seen).toEqual([1, 2]);
    expect(() => bodyTransformFn?.(new Uint8Array())).toThrow('empty');
  });

  it('a marker: its ttl and its rule, which the platform reads of nothing else', () => {
    const { response, set } = candidate();
    const verdict = { kind: 'marker', ttlSeconds: 10, vary: ['accept-encoding'] } as const;
    expect(applyVerdict(response, verdict)).toEqual({ cache: 'uncacheable' });
    expect(Object.fromEntries(set)).toEqual({ ttl: 10, vary: ['accept-encoding'] });
  });

  it('abandoned: nothing is remembered', () => {
    const { response, set } = candidate();
    expect(applyVerdict(response, { kind: 'abandon' })).toEqual({ cache: false });
    expect(set).toEqual([]);
  });
});

it('a candidate’s headers can be asked and changed by name, and cannot be listed', () => {
  const headers = new Headers([
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
  ]);
  const seen = candidateOf({
    status: 200,
    headers,
  } as Partial<CandidateResponse> as CandidateResponse).headers;
  expect([...seen.getSetCookie(), seen.has('set-cookie')]).toEqual(['a=1', 'b=2', true]);
  seen.delete('set-cookie');
  seen.set('x', '1');
  expect([...headers]).toEqual([['x', '1']]);
  for (const name of [Symbol.iterator, 'entries', 'keys', 'values', 'forEach']) {
    expect(Reflect.has(seen, name), String(name)).toBe(false);
  }
});
