import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, tokenOf, unseen } from './support/client.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

const PEOPLE = 200;
const AT_ONCE = 8;
/** A purge goes through all of the cache: the more is in it, the longer it is at work while responses are stored. */
const FILLED = 2000;
let stack: ScriptedStack;

beforeAll(async () => {
  stack = await startScriptedStack();
  const versions = new Map<string, number>();
  stack.origin.answer((request, response) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    const { sub = '' } = token === undefined ? {} : decodeJwt(token);
    if (request.method === 'PUT') versions.set(sub, (versions.get(sub) ?? 0) + 1);
    const body = String(versions.get(sub) ?? 0);
    response
      .writeHead(200, { 'cache-control': 'private, max-age=300', 'content-length': body.length })
      .end(body);
  });
});
afterAll(() => stack?.stop());

async function fillCache(): Promise<void> {
  let next = 0;
  const visitor = async () => {
    while (next++ < FILLED) await ask(stack.edge, null, unseen('/'));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
}

describe('a write that overlaps a read of the same person', () => {
  it('is what they read next, however the two meet', async () => {
    await fillCache();
    let next = 0;
    const stale: string[] = [];
    const visitor = async () => {
      for (let user = next++; user < PEOPLE; user = next++) {
        const person = { name: `p${user}`, sub: `p${user}`, tenant: { id: 'acme' }, role: 'member' };
        const token = await tokenOf(person);
        const first = ask(stack.edge, token, '/api/orders');
        // Sooner and later in the life of the first request: its response is on its way, arrives, is being stored.
        await sleep(user % 12);
        const put = await ask(stack.edge, token, '/api/orders', { method: 'PUT', body: '{}' });
        const after = await ask(stack.edge, token, '/api/orders');
        await first;
        const later = await ask(stack.edge, token, '/api/orders');
        if (after.text !== put.text) stale.push(`${user}: ${after.cache} ${after.text} at once`);
        if (later.text !== put.text) stale.push(`${user}: ${later.cache} ${later.text} later`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, visitor));
    expect(stale).toEqual([]);
  });
});
