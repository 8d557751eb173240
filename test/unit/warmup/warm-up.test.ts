import { afterEach, expect, test, vi } from 'vitest';
import hmac from '../../../src/identity/engines/hmac-engine.ts';
import { warmUp } from '../../../src/warmup/warm-up.ts';
import { pairFor, provider } from '../identity/fixtures.ts';
import { policy, router } from '../support/pipeline.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

test('the vectors of RFC 7515 and RFC 8037 verify', async () => {
  const providers = [provider(await pairFor('EdDSA'))];
  await warmUp({ ...policy, providers }, router);
});

test('a build whose HMAC is broken fails', async () => {
  vi.spyOn(hmac, 'verify').mockResolvedValue(false);
  await expect(warmUp({ ...policy, providers: [] }, router)).rejects.toThrow('RFC 7515');
});

test('reads no clock and draws no random number: both would be frozen into the image', async () => {
  const now = vi.spyOn(Date, 'now');
  const random = vi.spyOn(Math, 'random');
  const bytes = vi.spyOn(crypto, 'getRandomValues');
  await warmUp({ ...policy, providers: [provider(await pairFor('EdDSA'))] }, router);
  for (const spy of [now, random, bytes]) expect(spy).not.toHaveBeenCalled();
});
