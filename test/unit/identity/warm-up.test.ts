import { expect, it } from 'vitest';
import { warmUp } from '../../../src/identity/warm-up.ts';
import { pairFor, provider } from './fixtures.ts';

it('the rehearsal of a token goes through, and the vector of RFC 8037 verifies', async () => {
  expect(await warmUp({ providers: [provider(await pairFor('EdDSA'))] })).toBe(true);
  expect(await warmUp({ providers: [] })).toBe(true);
});
