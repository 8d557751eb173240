import { afterAll, beforeAll, expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { personNamed } from '../site/people.ts';
import { createTokens } from '../site/tokens.ts';
import { buildService } from '../support/build-service.ts';
import { type RunningEdge, startEdge } from '../support/start-edge.ts';
import { ask, unseen } from './support/client.ts';
import { page, type ScriptedOrigin, startScriptedOrigin } from './support/scripted-origin.ts';

const LENGTHS = [32, 33, 34, 41, 43, 64, 100];
const secretOf = (length: number) => `${'k'.repeat(length - 1)}z`;
let origin: ScriptedOrigin;
let edge: RunningEdge;

beforeAll(async () => {
  origin = await startScriptedOrigin();
  const wasm = await buildService({ name: 'hmac-keys', policy: 'test/edge/policies/hmac-keys.ts' });
  const secrets = Object.fromEntries(LENGTHS.map((length) => [`key_${length}`, secretOf(length)]));
  edge = await startEdge({ originUrl: origin.url, wasm, secrets });
});
afterAll(async () => {
  await edge?.stop();
  await origin?.stop();
});

/**
 * The host of this runtime keeps a pointer to an HMAC key's bytes, not the bytes: a key that it imported is another one
 * after a while, at once for some lengths. So each length is asked for again and again, with a token not seen before.
 */
it.each(LENGTHS)(
  'a secret of %i bytes verifies every fresh token, in request after request',
  async (length) => {
    origin.answer(page({ 'cache-control': 'private, max-age=60' }));
    const appSecret = secretOf(length);
    const tokens = createTokens({ ...(await siteKeys()), appSecret });
    const forger = createTokens({ ...(await siteKeys()), appSecret: `${appSecret.slice(0, -1)}y` });
    const alice = personNamed('alice');
    if (alice === undefined) throw new Error('no alice');
    for (let i = 0; i < 12; i++) {
      const target = unseen(`/of/${length}/page`);
      const good = await ask(edge, await tokens.issue(alice, 'app', 900), target);
      const forged = await ask(edge, await forger.issue(alice, 'app', 900), target);
      expect([i, good.status, forged.status]).toEqual([i, 200, 401]);
    }
  },
);
