import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../../scripts/root.ts';
import type { LogRecord } from '../../src/request/log-record.ts';
import { siteKeys } from '../site/keys.ts';
import type { Person } from '../site/people.ts';
import type { RunningEdge } from '../support/start-edge.ts';
import { loggedEngine } from '../support/test-engine.ts';
import { ask, loggedBy, tokenOf, unseen } from './support/client.ts';
import { FIELDS } from './support/log-fields.ts';
import { page } from './support/scripted-origin.ts';
import { type ScriptedStack, startScriptedStack } from './support/scripted-stack.ts';

/** Every claim is a word that no line may hold. */
const person: Person = {
  name: 'SECRET-name',
  sub: 'SECRET-subject',
  tenant: { id: 'SECRET-tenant' },
  role: 'SECRET-role',
};
const headers = { cookie: 'theme=SECRET-cookie; session2=SECRET-session', 'x-odd': 'SECRET-header' };

let stack: ScriptedStack;
let edge: RunningEdge;
let token: string;

beforeAll(async () => {
  stack = await startScriptedStack();
  stack.origin.answer(page({ 'cache-control': 'private, max-age=300', etag: '"SECRET-etag"' }));
  edge = stack.edge;
  token = await tokenOf(person);
});
afterAll(() => stack?.stop());

/** One request of every kind, and what its line has to say beside the rest. */
const KINDS: readonly [string, () => Promise<unknown>, Partial<LogRecord>][] = [
  [
    'a miss',
    () => get('/api/orders?q=SECRET-query'),
    {
      lane: 'scoped',
      state: 'MISS',
      route: 'orders',
      status: 200,
      provider: 'app',
      algorithm: 'HS256',
      engine: loggedEngine(),
      detail: 'stored',
    },
  ],
  [
    'a hit',
    () => get('/api/orders?q=SECRET-query'),
    { lane: 'scoped', state: 'HIT', route: 'orders', status: 200, originMs: null },
  ],
  [
    'a page that is not for everybody',
    () => get('/SECRET-path?q=SECRET-query', null),
    { lane: 'public', state: 'MISS', route: 'default', detail: 'private', provider: null },
  ],
  [
    'a sensitive page',
    () => get('/api/payment-methods'),
    { lane: 'pass', state: 'BYPASS', reason: 'scope-sensitive' },
  ],
  [
    'a write',
    () => get('/api/profile', token, 'PUT'),
    { lane: 'pass', reason: 'scope-write', method: 'PUT', purged: 1 },
  ],
  [
    'an editor',
    () => ask(edge, null, '/pages/x', { headers: { cookie: 'cms_session=SECRET-editor' } }),
    { lane: 'pass', reason: 'cms-cookie' },
  ],
  [
    'no token',
    () => get('/api/orders', null),
    { lane: 'reject', state: 'ERROR', status: 401, code: 'ERR_CREDENTIAL_MISSING' },
  ],
  [
    'a bad token',
    async () => get('/api/orders', await forged()),
    { lane: 'reject', status: 401, code: 'ERR_TOKEN_SIGNATURE' },
  ],
  [
    'no token at all',
    () => get('/api/orders', 'SECRET-token'),
    { lane: 'reject', status: 401, code: 'ERR_TOKEN_MALFORMED' },
  ],
  [
    'a refused method',
    () => get('/api/orders', token, 'PURGE'),
    { state: 'ERROR', status: 405, code: 'ERR_METHOD_REFUSED', route: null },
  ],
  [
    'a refused purge',
    () => purge('SECRET-operator', {}),
    { lane: 'operator', status: 401, code: 'ERR_OPERATOR_REQUIRED' },
  ],
  [
    'a malformed purge',
    async () => purge((await siteKeys()).operatorToken, 'SECRET-body'),
    { lane: 'operator', status: 400, code: 'ERR_REQUEST_MALFORMED' },
  ],
  [
    'a purge',
    async () => purge((await siteKeys()).operatorToken, { keys: ['SECRET-key'] }),
    { lane: 'operator', status: 200, purged: 1 },
  ],
];

it.each(KINDS)('%s writes one line with every field', async (_what, request, expected) => {
  const lines = await loggedBy(edge, request);
  expect(lines).toEqual([FIELDS]);
  expect(lines[0]).toMatchObject(expected);
});

it('each of these lines is what docs/reference/log-line.schema.json says, and it says every field', async () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'docs/reference/log-line.schema.json'), 'utf8'));
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
  const lines = await loggedBy(edge, async () => {
    for (const [, request] of KINDS) await request();
  });
  expect(lines).toHaveLength(KINDS.length);
  for (const line of lines) expect(validate(line) ? [] : validate.errors, JSON.stringify(line)).toEqual([]);
  expect(schema.required.toSorted()).toEqual(Object.keys(FIELDS).toSorted());
  expect(Object.keys(schema.properties)).toEqual(Object.keys(lines[0] ?? {}));
  // It would not take anything for a line.
  const [line] = lines;
  for (const name of Object.keys(FIELDS))
    expect(validate({ ...line, [name]: { no: 'value' } }), name).toBe(false);
});

it('whoever is verified has one fingerprint, whatever the lane', async () => {
  const lines = await loggedBy(edge, async () => {
    await get('/api/orders');
    await get('/api/payment-methods');
    await get('/api/profile', token, 'PUT');
    await get('/pages/x', null);
  });
  const [orders, payment, write, nobody] = lines.map(({ fingerprint }) => fingerprint);
  expect(orders).toMatch(/^[\w-]{22}$/);
  expect([payment, write, nobody]).toEqual([orders, orders, null]);
});

it('a refusal names the request id of its line to the client', async () => {
  let requestId = '';
  const [line] = await loggedBy(edge, async () => {
    requestId = (await get('/api/orders', null)).json<{ requestId: string }>().requestId;
  });
  expect(line?.requestId).toBe(requestId);
});

it('a hit and a miss of one person have one fingerprint, and two people have two', async () => {
  const other = await tokenOf({ ...person, sub: 'SECRET-other' });
  const target = unseen('/api/orders');
  const lines = await loggedBy(edge, async () => {
    await get(target);
    await get(target);
    await get(target, other);
  });
  const [miss, hit, others] = lines.map(({ fingerprint }) => fingerprint);
  expect(hit).toBe(miss);
  expect(others).not.toBe(miss);
});

it('no line holds a token, a claim value, a query, a cookie or any other value of a client', async () => {
  for (const [, request] of KINDS) await request();
  await expect.poll(() => edge.logs().length).toBeGreaterThan(KINDS.length);
  const output = edge.output();
  expect(output).not.toContain('SECRET');
  for (const part of token.split('.')) expect(output).not.toContain(part);
  const keys = await siteKeys();
  for (const secret of [keys.appSecret, keys.operatorToken, keys.fingerprintKey])
    expect(output).not.toContain(secret);
});

function get(target: string, who: string | null = token, method = 'GET') {
  return ask(edge, who, target, { method, headers });
}

/** A token under the signature of another. */
async function forged(): Promise<string> {
  const [header, payload] = token.split('.');
  return [header, payload, (await tokenOf({ ...person, sub: 'SECRET-other' })).split('.')[2]].join('.');
}

function purge(operatorToken: string, body: unknown) {
  return ask(edge, operatorToken, '/.edge/purge', { method: 'POST', body: JSON.stringify(body) });
}
