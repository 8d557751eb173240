import { describe, expect, it } from 'vitest';
import { EdgeError } from '../../../src/errors.ts';
import { HeaderFields } from '../../../src/http/header-fields.ts';
import { whoFailed } from '../../../src/origin/who-failed.ts';
import type { OriginRequest } from '../../../src/platform/origin-request.ts';

const GENERIC = new Error('NetworkError when attempting to fetch resource.');
const request = (body: OriginRequest['body']): OriginRequest => ({
  backend: 'origin',
  method: 'POST',
  url: 'http://www.test/pay?x=1',
  headers: new HeaderFields([
    ['host', 'www.test'],
    ['authorization', 'Bearer secret'],
  ]),
  body,
});

async function blamed(cause: Error, body: OriginRequest['body'], answers: boolean) {
  const asked: OriginRequest[] = [];
  const error = await whoFailed(cause, request(body), async (probe) => {
    asked.push(probe);
    if (!answers) throw GENERIC;
    return new Response(null, { status: 500 });
  });
  return { code: 'code' in error ? error.code : null, asked };
}

describe('who is to blame for a request that failed with its body on the way', () => {
  it('the client, where the origin answers something else', async () => {
    const { code, asked } = await blamed(GENERIC, new ReadableStream(), true);
    expect(code).toBe('ERR_REQUEST_MALFORMED');
    // Nothing of the client's is in what it is asked.
    expect(asked).toMatchObject([{ method: 'HEAD', url: 'http://www.test/', body: null }]);
    expect(asked[0]?.headers.has('authorization')).toBe(false);
  });

  it('the origin, where it does not', async () => {
    expect((await blamed(GENERIC, new ReadableStream(), false)).code).toBe('ERR_ORIGIN_UNREACHABLE');
  });

  it.each([
    ['no body', GENERIC, null, 'ERR_ORIGIN_UNREACHABLE'],
    ['a body that was here whole', GENERIC, new Uint8Array(1), 'ERR_ORIGIN_UNREACHABLE'],
    ['a refused connection', new Error('Connection refused'), new ReadableStream(), 'ERR_ORIGIN_UNREACHABLE'],
    [
      'a shield that has refused',
      new EdgeError('ERR_ORIGIN_UNREACHABLE'),
      new ReadableStream(),
      'ERR_ORIGIN_UNREACHABLE',
    ],
    ['a timeout', new Error('timed out'), new ReadableStream(), 'ERR_ORIGIN_TIMEOUT'],
  ] as const)('with %s nobody is asked', async (_, cause, body, code) => {
    expect(await blamed(cause, body, true)).toEqual({ code, asked: [] });
  });
});
