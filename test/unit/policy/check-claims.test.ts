import { expect, test } from 'vitest';
import { compilePolicy } from '../../../src/policy/compile.ts';
import { checkClaims } from '../../../src/policy/providers/check-claims.ts';

/** The one provider of a policy, with a setting. */
function providerWith(setting: object) {
  const [provider] = compilePolicy({
    origins: { app: { backend: 'origin' } },
    providers: { app: { algorithms: ['HS256'], keys: { secretStore: 'secrets', item: 'app' }, ...setting } },
    routes: {},
  } as never).providers;
  if (provider === undefined) throw new Error('no provider');
  return provider;
}
const asked = (setting: object, claims: object, type: string | null = null) =>
  checkClaims({ claims: { exp: 2000, ...claims }, type }, providerWith(setting), 1_000_000);

test.each([
  [{}, { iat: 1 }, null],
  [{ maxTokenAgeSeconds: 100 }, { iat: 901 }, null],
  [{ maxTokenAgeSeconds: 100 }, { iat: 899 }, 'ERR_TOKEN_EXPIRED'],
  [{ maxTokenAgeSeconds: 100 }, {}, 'ERR_TOKEN_CLAIM'],
  [{ clockToleranceSeconds: 5 }, { nbf: 1005 }, null],
  [{ clockToleranceSeconds: 5 }, { nbf: 1006 }, 'ERR_TOKEN_NOT_YET_VALID'],
  [{ audience: 'shop' }, { aud: ['shop', 'other'] }, null],
  [{ audience: 'shop' }, { aud: 'shop.' }, 'ERR_TOKEN_CLAIM'],
])('%j: a token with %j gives %s', (setting, claims, code) => {
  expect(asked(setting, claims)).toBe(code);
});
