import { expect, it } from 'vitest';
import { siteKeys } from '../site/keys.ts';
import { personNamed } from '../site/people.ts';
import { createTokens } from '../site/tokens.ts';
import { startEdge } from '../support/start-edge.ts';
import { ask, unseen } from './support/client.ts';
import { page, startScriptedOrigin } from './support/scripted-origin.ts';

/**
 * The host of this runtime keeps a pointer to an HMAC key's bytes, not the bytes: a key that it imported is another one
 * after a while, at once for some lengths. So each length is asked for again and again, with a token not seen before.
 */
it.each([32, 33, 34, 41, 43, 64, 100])(
  'a secret of %i bytes verifies every fresh token, in request after request',
  async (length) => {
    const appSecret = `${'k'.repeat(length - 1)}z`;
    const origin = await startScriptedOrigin();
    const edge = await startEdge({ originUrl: origin.url, secrets: { app_hs256: appSecret } });
    try {
      origin.answer(page({ 'cache-control': 'private, max-age=60' }));
      const tokens = createTokens({ ...(await siteKeys()), appSecret });
      const forger = createTokens({ ...(await siteKeys()), appSecret: `${appSecret.slice(0, -1)}y` });
      const alice = personNamed('alice');
      if (alice === undefined) throw new Error('no alice');
      for (let i = 0; i < 12; i++) {
        const good = await ask(edge, await tokens.issue(alice, 'app', 900), unseen('/api/orders'));
        const forged = await ask(edge, await forger.issue(alice, 'app', 900), unseen('/api/orders'));
        expect([i, good.status, forged.status]).toEqual([i, 200, 401]);
      }
    } finally {
      await edge.stop();
      await origin.stop();
    }
  },
);
