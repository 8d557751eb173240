import { expect, test } from 'vitest';
import { rehearse } from '../../../src/rehearsal/rehearse.ts';
import { pairFor, provider } from '../identity/fixtures.ts';
import { policy, router } from '../support/way.ts';

test('the vector of RFC 8037 verifies, where a provider uses Ed25519', async () => {
  const providers = [provider(await pairFor('EdDSA'))];
  expect(await rehearse({ ...policy, providers }, router)).toHaveLength(2);
});

test('a HIT of the public and one of the scoped lane are rehearsed, each to its end', async () => {
  expect(await rehearse({ ...policy, providers: [] }, router)).toEqual(['200 HIT', '200 HIT']);
});
