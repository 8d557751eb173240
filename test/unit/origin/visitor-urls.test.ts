import { describe, expect, it } from 'vitest';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { forwardedFields } from '../../../src/origin/forwarded-fields.ts';
import { usableResponses } from '../../../src/origin/usable-response.ts';
import type { HttpCachePort } from '../../../src/platform/http-cache-port.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';
import { memoryPlatform } from '../../../src/testing/memory-platform.ts';

interface Asked {
  readonly visitor?: string;
  readonly scheme?: 'http' | 'https';
  readonly origin?: string;
  readonly override?: string | null;
  readonly told?: boolean;
}

function requestOf({ visitor = 'www.test', scheme = 'https', origin = 'app.internal', told = true }: Asked) {
  const headers = new HeaderFields([
    ['host', origin],
    ...(told ? forwardedFields({ scheme, host: visitor }) : []),
  ]);
  return { backend: 'b', method: 'GET', url: `http://${visitor}/here`, headers, body: null } as OriginRequest;
}

/** What becomes of a response's fields on both ways to the origin, which have to agree. */
async function changed(fields: Record<string, string>, asked: Asked = {}): Promise<Record<string, string>> {
  const answer = { cached: false, stale: false, masksError: false, ageSeconds: 0, ttlSeconds: 0, body: null };
  const httpCache: HttpCachePort = {
    async fetch(_request, _key, hooks) {
      const headers = new HeaderFields(new Headers(fields));
      hooks.afterSend({ status: 302, headers, holdsOne: () => false, staleIfErrorAvailable: () => false });
      return { ...answer, status: 302, headers: new HeaderFields(new Headers(fields)) };
    },
  };
  const platform = memoryPlatform({
    hostOverride: () => asked.override ?? null,
    fetchOrigin: async () => new Response(null, { status: 302, headers: fields }),
    httpCache,
  });
  const ways = usableResponses(platform);
  const around = Object.fromEntries((await ways.fetchOrigin(requestOf(asked))).headers);
  let stored = {};
  const found = await ways.httpCache?.fetch(requestOf(asked), 'key', {
    beforeSend: () => undefined,
    afterSend({ headers }) {
      stored = Object.fromEntries(headers as HeaderFields);
      return { kind: 'abandon' };
    },
  });
  expect(stored).toEqual(around);
  // Past a marker no hook runs.
  expect(Object.fromEntries(found?.headers ?? [])).toEqual(around);
  return around;
}

const location = async (value: string, asked?: Asked) => (await changed({ location: value }, asked)).location;

describe('URLs that name the origin', () => {
  it.each([
    ['http://app.internal/next?a=1#b', 'https://www.test/next?a=1#b'],
    ['https://app.internal/next', 'https://www.test/next'],
    ['HTTP://APP.Internal:80/next', 'https://www.test/next'],
    ['http://app.internal./next', 'https://www.test/next'],
    ['//app.internal/next', 'https://www.test/next'],
    ['\\\\app.internal\\next', 'https://www.test/next'],
    [' http://app\t.internal/next', 'https://www.test/next'],
    ['http://%61pp.internal/next', 'https://www.test/next'],
    ['http://user:secret@app.internal/next', 'https://www.test/next'],
    ['http://www.test@app.internal/next', 'https://www.test/next'],
    ['http://app.internal', 'https://www.test/'],
  ])('%s is the visitor’s', async (value, expected) => {
    expect(await location(value)).toBe(expected);
    expect((await changed({ 'content-location': value }))['content-location']).toBe(expected);
  });

  it.each([
    '/next',
    'next',
    '?page=2',
    'https://www.test/next',
    'http://app.internal@evil.example/',
    'http://evil.example/http://app.internal/',
    'http://app.internal.evil.example/',
    'http://evil.example\\@app.internal/',
    'http://app.internal:8080/next',
    'http://app.internal:443/next',
    'ftp://app.internal/next',
    'app.internal/next',
    'javascript:alert(1)',
    'http://[/',
    '',
  ])('%s stays as it is', async (value) => {
    expect(await location(value)).toBe(value.trim());
  });

  it('a host with a port is that host with that port', async () => {
    const asked = { origin: 'app.internal:8080', visitor: 'www.test:7676', scheme: 'http' } as const;
    expect(await location('http://app.internal:8080/x', asked)).toBe('http://www.test:7676/x');
    expect(await location('http://app.internal/x', asked)).toBe('http://app.internal/x');
    expect(await location('https://app.internal/x', { origin: 'app.internal:443' })).toBe(
      'https://www.test/x',
    );
  });

  it('the host that the platform puts in its place is the origin’s too', async () => {
    const asked = { origin: 'www.test', override: 'App.Internal' };
    expect(await location('http://app.internal/x', asked)).toBe('https://www.test/x');
    expect(await location('http://www.test/x', asked)).toBe('http://www.test/x');
  });

  it.each([
    ['5; url=http://app.internal/x', '5; url=https://www.test/x'],
    ['0;URL = "http://app.internal/x"', '0;URL = "https://www.test/x"'],
    ["1.5, 'http://app.internal/x' ", "1.5, 'https://www.test/x'"],
    ['3 http://app.internal/x', '3 https://www.test/x'],
    ['3; url=/x', '3; url=/x'],
    ['3', '3'],
    ['3; url=http://evil.example/?http://app.internal/', '3; url=http://evil.example/?http://app.internal/'],
  ])('Refresh: %s', async (value, expected) => {
    expect((await changed({ refresh: value })).refresh).toBe(expected);
  });

  it('nothing is changed where the origin is asked as the visitor’s host, or is not told of a visitor', async () => {
    expect(await location('http://www.test/x', { origin: 'WWW.test' })).toBe('http://www.test/x');
    expect(await location('http://app.internal/x', { told: false })).toBe('http://app.internal/x');
  });

  it('a long field costs no more than reading it', async () => {
    for (const text of [`${'1'.repeat(60_000)}x`, `1${' ;'.repeat(30_000)}x`, `1${' '.repeat(60_000)}\u00a0`])
      expect((await changed({ refresh: text })).refresh === text).toBe(true);
  });
});

describe('what an origin is told of the URL', () => {
  it.each([
    ['https', 'www.test', '443', 'host="www.test";proto=https'],
    ['http', 'www.test', '80', 'host="www.test";proto=http'],
    ['https', 'www.test:8443', '8443', 'host="www.test:8443";proto=https'],
    ['http', '[2001:db8::1]', '80', 'host="[2001:db8::1]";proto=http'],
    ['http', '[2001:db8::1]:81', '81', 'host="[2001:db8::1]:81";proto=http'],
  ] as const)('%s, %s', (scheme, host, port, forwarded) => {
    expect(Object.fromEntries(forwardedFields({ scheme, host }))).toEqual({
      'x-forwarded-host': host,
      'x-forwarded-proto': scheme,
      'x-forwarded-port': port,
      forwarded,
    });
  });
});
