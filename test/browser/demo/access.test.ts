import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOrigin } from '../../../demo/origin/create-origin.ts';
import { ACCESS_HEADER } from '../../../demo/origin/routes/access.ts';
import { demoKeys } from '../../../scripts/demo-keys.ts';

const SECRET = 'made-at-random';
let server: ReturnType<typeof createOrigin> | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Asks a new origin, and gives the status. */
async function ask(
  accessSecret: string | null,
  method: string,
  path: string,
  access?: string,
): Promise<number> {
  server = createOrigin({ ...(await demoKeys()), accessSecret });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(access === undefined ? {} : { [ACCESS_HEADER]: access }),
    },
    ...(method === 'POST' ? { body: '{"user":"alice","ms":0}' } : {}),
  });
  return response.status;
}

describe('an origin on a public host', () => {
  const guarded = [
    ['GET', '/__origin/requests'],
    ['POST', '/__origin/reset'],
    ['POST', '/__origin/delay'],
    ['POST', '/login'],
    ['POST', '/cms/login'],
    ['POST', '/api/session'],
  ] as const;

  it.each(guarded)('%s %s wants the secret', async (method, path) => {
    expect(await ask(SECRET, method, path)).toBe(403);
    expect(await ask(SECRET, method, path, 'wrong')).toBe(403);
    expect(await ask(SECRET, method, path, '')).toBe(403);
    expect(await ask(SECRET, method, path, SECRET)).toBe(200);
  });

  it.each([
    ['POST', '/LOGIN'],
    ['POST', '/login/'],
    ['POST', '/members/sign-in'],
    ['GET', '/__ORIGIN/requests'],
    ['GET', '/__origin/requests/'],
  ])('%s %s, as the router spells it too, wants it as well', async (method, path) => {
    expect(await ask(SECRET, method, path)).toBe(403);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/pages/welcome'],
    ['GET', '/api/session'],
  ])('%s %s is open to everybody', async (method, path) => {
    expect(await ask(SECRET, method, path)).toBe(200);
  });
});

it('an origin on 127.0.0.1 asks nobody', async () => {
  expect(await ask(null, 'POST', '/login')).toBe(200);
});
